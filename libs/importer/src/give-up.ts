/** Ends an import without the rest of its rows: its input is lost, or has changed. What the log has acknowledged stays. */
import { InvalidInput, type TenantId } from '@perennial/values';
import { type GoLive, refuseBeside, refuseFuture } from './admission';
import { Checkpoint, refuseOtherEnding, refuseOtherTenant } from './checkpoint';
import { fireAllPast, type GoingLive, goLive, prepare } from './phases';
import type { Ending, ImportPorts, ImportStatus, PartitionTenant } from './ports';
import { SignedSender } from './signed-sender';

export interface GivingUp {
  readonly name: string;
  readonly tenant: TenantId;
  /** Null: as the import was begun. */
  readonly goLive: GoLive | null;
  /** Of the activity topic. */
  readonly partitions: number;
}

/** `done-before`: nothing was left to do. `status`: as it is stored afterwards. */
export interface GivenUp {
  readonly result: 'given-up' | 'done-before';
  readonly status: ImportStatus;
}

/**
 * Brings the tenant live with what was sent. May be repeated until it is done. Throws `InvalidInput` for an import that is not
 * there, another's, or of which the end of the history is not known; else as `runImport`.
 */
export async function giveUp(
  { name, tenant, goLive: asked, partitions }: GivingUp,
  ports: ImportPorts,
): Promise<GivenUp> {
  const stored = await ports.statuses.find(name);
  if (stored === null) throw unknown(name);
  refuseOtherTenant(name, stored, tenant);
  if (stored.phase === 'done') return { result: 'done-before', status: stored };
  const others = (await ports.statuses.unfinished(tenant)).filter((other) => other.name !== name);
  refuseBeside({ tenant, unfinished: others });
  const ending = endingOf(name, stored, asked);
  if (stored.newest === null) throw endUnknown(name);
  if (ending === 'wall') refuseFuture({ name: stored.input, newest: stored.newest }, ports.time.now(), 'now');
  const checkpoint = new Checkpoint(name, ports.statuses, stored, { ...stored, ending });
  const sender = new SignedSender(ports, partitions);
  const work = {
    tenant,
    ending,
    newest: stored.newest,
    ports,
    sender,
    partitions,
    wasGoingLive: stored.phase === 'live',
  };
  await ports.engine.drained();
  if (stored.phase !== 'prepare' || (await ports.engine.tenant(tenant)).some((known) => isLeft(known, ending)))
    await end(stored, work, checkpoint);
  await checkpoint.enter('done');
  return { result: 'given-up', status: { ...stored, ending, phase: 'done' } };
}

async function end(
  { phase }: ImportStatus,
  work: GoingLive & { readonly partitions: number },
  checkpoint: Checkpoint,
): Promise<void> {
  // Part of its commands may be missing.
  if (phase === 'prepare') await prepare(work);
  if (phase !== 'live') {
    await checkpoint.enter('clock');
    await fireAllPast(work);
    await checkpoint.enter('live');
  }
  await goLive(work);
}

/** As an import leaves a tenant that has obeyed one of its commands; otherwise the tenant is on its own, and is left alone. */
const isLeft = ({ state: { bootstrap, source } }: PartitionTenant, ending: Ending): boolean =>
  bootstrap.kind === 'all' || (ending !== 'late' && source.kind === 'event');

/**
 * Another than it was begun with is real time only, and only before any deadline of the past was fired: the clock of whoever was
 * active meanwhile must not go back.
 */
function endingOf(name: string, stored: ImportStatus, asked: GoLive | null): Ending {
  const ending = asked ?? stored.ending;
  const isForward = ending === 'wall' && stored.ending !== 'late';
  if (!isForward || stored.phase === 'clock' || stored.phase === 'live') refuseOtherEnding(name, stored, ending);
  return ending;
}

const unknown = (name: string): InvalidInput =>
  new InvalidInput(
    'IMPORT.UNKNOWN',
    `There is no import ${name} here. Its name is told when it ends half way, and when another is refused.`,
  );

const endUnknown = (name: string): InvalidInput =>
  new InvalidInput(
    'IMPORT.END_UNKNOWN',
    `The import ${name} was begun by a release that did not keep when its history ends: go on with its input.`,
  );
