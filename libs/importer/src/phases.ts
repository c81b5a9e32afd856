/** The phases of an import that are about its tenant: `prepare`, `clock` and `live`. Each may be done again. */
import { type Instant, InvalidInput, RetryableError, type TenantId } from '@perennial/values';
import { DEFAULT_LIMITS } from '@perennial/engine';
import { pastEnds, sourceAfterwards, sourceMeanwhile } from './clocks';
import type { Ending, ImportPorts, PartitionTenant } from './ports';
import type { SignedSender } from './signed-sender';

/** What these phases know. */
export interface GoingLive {
  readonly tenant: TenantId;
  readonly ending: Ending;
  /** Of the history. */
  readonly newest: Instant;
  readonly ports: ImportPorts;
  readonly sender: SignedSender;
  /** An importer before has ended while the tenant went live, any time ago. */
  readonly wasGoingLive: boolean;
}

/** Puts a tenant into bootstrap and event time, and resolves when every partition has obeyed. */
export async function prepare(work: GoingLive & { readonly partitions: number }): Promise<void> {
  const { tenant, ending, newest, partitions, ports, sender } = work;
  if (ending !== 'late') {
    const source = sourceMeanwhile(ending, newest, ports.time.now());
    await sender.command({ type: 'perennial.command.set-time-source.v1', tenant, source });
  }
  await sender.command({ type: 'perennial.command.start-bootstrap.v1', tenant, customers: null });
  await ports.engine.drained();
  refuseDisobedience(await ports.engine.tenant(tenant), partitions);
}

/** The engine has read the commands; where they had no effect, its key or its database is another. */
function refuseDisobedience(known: readonly PartitionTenant[], partitions: number): void {
  const obeyed = new Set(known.filter(({ state }) => state.bootstrap.kind === 'all').map(({ partition }) => partition));
  const others = Array.from({ length: partitions }, (_, partition) => partition).filter((each) => !obeyed.has(each));
  if (others.length === 0) return;
  throw new InvalidInput(
    'IMPORT.NOT_OBEYED',
    `The engine has read the commands of the import and not obeyed them in partition ${others.join(', ')}; no activity was sent. ` +
      '`perennial dead-letter list` says why: most often PERENNIAL_KEY here is not the key of the engine.',
  );
}

/** Fires what fell due in the past, once everything that was sent is through. */
export async function fireAllPast({ tenant, ending, newest, ports, sender }: GoingLive): Promise<void> {
  await ports.engine.drained();
  for (const end of pastEnds(ending, newest, await ports.engine.tenant(tenant)))
    await firePast(tenant, end(ports.time.now()), sender, ports);
}

/** In so many rounds over all partitions, each clock record fires a customer at least where one is due. */
const FRUITLESS_ROUNDS = 5;
/** As many deadlines as one clock record fires. */
export const AT_ONCE = DEFAULT_LIMITS.deadlinesPerClock;

/**
 * Repeats the clock until nothing is due any more: one record fires a bounded number of deadlines. While more than that is due, one
 * partition fires at a time: the engine has as many processors as before, and a deadline of another tenant waits for one such
 * record in its own partition at most, not for those of all.
 */
export async function firePast(
  tenant: TenantId,
  at: Instant,
  sender: Pick<SignedSender, 'clockOf' | 'partitions'>,
  { engine, signal, onProgress }: Pick<ImportPorts, 'engine' | 'signal' | 'onProgress'>,
): Promise<void> {
  const total = await engine.dueCount(tenant, at);
  let left = total;
  let fruitless = 0;
  let turn = 0;
  do {
    signal.throwIfAborted();
    const before = left;
    const partition = left > AT_ONCE ? turn++ % sender.partitions : null;
    await sender.clockOf(tenant, at, partition);
    await engine.drained();
    left = await engine.dueCount(tenant, at);
    fruitless = left < before ? 0 : fruitless + 1;
    if (left > 0 && fruitless >= FRUITLESS_ROUNDS * sender.partitions) throw nothingFires(left);
    onProgress({ phase: 'clock', done: Math.max(0, total - left), total });
  } while (left > 0);
}

const nothingFires = (left: number): RetryableError =>
  new RetryableError(
    'IMPORT.CLOCK_WITHOUT_EFFECT',
    `${left} deadlines of the past are due and do not fire. \`perennial dead-letter list\` and \`perennial doctor\` say why; then run the same command again.`,
  );

/** Ends the tenant's bootstrap, on the clock that it lives on afterwards. */
export async function goLive(work: GoingLive): Promise<void> {
  const { tenant, ending, newest, ports, sender, wasGoingLive } = work;
  await ports.engine.drained();
  if (wasGoingLive && isInBootstrap(await ports.engine.tenant(tenant))) await fireAllPast(work);
  const source = sourceAfterwards(ending, newest, ports.time.now(), await ports.engine.tenant(tenant));
  if (source !== null) await sender.command({ type: 'perennial.command.set-time-source.v1', tenant, source });
  await sender.command({ type: 'perennial.command.end-bootstrap.v1', tenant, customers: null });
  await ports.engine.drained();
}

/** Everywhere; a partition that is live has a clock of its own. */
const isInBootstrap = (known: readonly PartitionTenant[]): boolean =>
  known.every(({ state }) => state.bootstrap.kind === 'all');
