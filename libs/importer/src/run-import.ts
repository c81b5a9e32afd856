/**
 * Imports a history: puts the tenant into bootstrap and event time, sends the activities in order, fires what fell due in the
 * past, and lets the tenant go live.
 *
 * Invariants
 * 1. Progress is stored only after the log acknowledged what it counts; a resumed import sends again at most what was
 *    unacknowledged, and the engine knows that for repeats: of one customer it is at most half of the ids that are remembered.
 * 2. The clock is sent when every activity is acknowledged, so it comes after all of them in every partition.
 * 3. A finished import sends nothing.
 * 4. Each phase may be done again: a command repeated under a new number changes nothing, and no clock goes back.
 * 5. One importer at a time: the caller holds the turn; should it be lost half way, the stored progress is not what this
 *    importer wrote, and it stops.
 * 6. No activity is sent before every partition has obeyed the commands of `prepare`.
 * 7. The past is fired before the tenant goes live, also what has become past since an importer ended while it went live.
 */
import { InvalidInput, type Instant, type TenantId } from '@perennial/contracts';
import { rowRecord } from './activity-record';
import { Backpressure } from './backpressure';
import { Checkpoint } from './checkpoint';
import { chunksOf } from './chunks';
import { pastEnds, sourceAfterwards, sourceMeanwhile } from './clocks';
import { firePast } from './fire-past';
import type { Ending, ImportedHistory, ImportPhase, ImportPorts, PartitionTenant } from './ports';
import { refuseOtherImport } from './resume';
import { SignedSender } from './signed-sender';

export interface ImportJob {
  readonly name: string;
  readonly tenant: TenantId;
  /** As the user wrote it, for people. */
  readonly input: string;
  readonly history: ImportedHistory;
  readonly ending: Ending;
  readonly startedBy: string;
  /** Of the activity topic. */
  readonly partitions: number;
  /** How many ids of a customer the tenant's definitions remember, the least of them. */
  readonly recentIds: number;
}

export interface Imported {
  /** `done-before`: nothing was left to do. */
  readonly result: 'imported' | 'done-before';
  /** Activities sent by this run. */
  readonly sent: number;
}

const CHUNK_ROWS = 1_000;

interface Work extends ImportJob {
  readonly newest: Instant;
  readonly ports: ImportPorts;
  readonly checkpoint: Checkpoint;
  readonly sender: SignedSender;
  /** An importer before has ended while the tenant went live, any time ago. */
  readonly wasGoingLive: boolean;
}

type WorkingPhase = Exclude<ImportPhase, 'done'>;
const PHASES: Readonly<Record<WorkingPhase, { work(work: Work): Promise<void>; readonly next: ImportPhase }>> = {
  prepare: { work: prepare, next: 'activities' },
  activities: { work: sendActivities, next: 'clock' },
  clock: { work: fireAllPast, next: 'live' },
  live: { work: goLive, next: 'done' },
};

/**
 * Does what is left of an import. Throws `InvalidInput` for an import of that name that is another, `ConcurrencyConflict` when
 * somebody else does it too, `RetryableError` when log, database or engine do not go on; then it can be resumed.
 */
export async function runImport(job: ImportJob, ports: ImportPorts): Promise<Imported> {
  const stored = await ports.statuses.find(job.name);
  if (stored !== null) refuseOtherImport(job.name, stored, job);
  const { newest } = job.history;
  if (stored?.phase === 'done' || newest === null) return { result: 'done-before', sent: 0 };
  const begun = stored === null || stored.phase === 'prepare' ? null : stored;
  const checkpoint = new Checkpoint(job.name, ports.statuses, stored, begun ?? firstStatus(job, ports));
  const sender = new SignedSender(ports, job.partitions);
  const work: Work = { ...job, newest, ports, checkpoint, sender, wasGoingLive: begun?.phase === 'live' };
  if (begun === null) await checkpoint.enter('prepare');
  const before = checkpoint.acknowledged;
  for (let phase: ImportPhase = begun?.phase ?? 'prepare'; phase !== 'done'; ) {
    ports.signal.throwIfAborted();
    await PHASES[phase].work(work);
    phase = PHASES[phase].next;
    await checkpoint.enter(phase);
  }
  return { result: 'imported', sent: checkpoint.acknowledged - before };
}

const firstStatus = ({ tenant, input, history, ending, startedBy }: ImportJob, { time }: ImportPorts) =>
  ({
    ...{ tenant, input, ending, startedBy },
    fingerprint: history.fingerprint,
    total: history.total,
    acknowledged: 0,
    phase: 'prepare',
    startedAt: time.now(),
  }) as const;

async function prepare({ tenant, ending, newest, partitions, ports, sender }: Work): Promise<void> {
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

async function sendActivities({ name, tenant, history, recentIds, ports, checkpoint }: Work): Promise<void> {
  const pressure = new Backpressure(ports);
  const limits = { rows: CHUNK_ROWS, ofCustomer: Math.max(1, Math.floor(recentIds / 2)) };
  const tell = (): void => {
    ports.onProgress({ phase: 'activities', done: checkpoint.acknowledged, total: history.total });
  };
  tell();
  for await (const chunk of chunksOf(history.activities(checkpoint.acknowledged), limits)) {
    ports.signal.throwIfAborted();
    const ends = await ports.log.send(chunk.map((past) => rowRecord(tenant, name, past)));
    await checkpoint.acknowledge(checkpoint.acknowledged + chunk.length);
    tell();
    await pressure.sent(chunk.length, ends);
  }
}

/** Everywhere; a partition that is live has a clock of its own. */
const isInBootstrap = (known: readonly PartitionTenant[]): boolean =>
  known.every(({ state }) => state.bootstrap.kind === 'all');

async function fireAllPast({ tenant, ending, newest, ports, sender }: Work): Promise<void> {
  await ports.engine.drained();
  for (const end of pastEnds(ending, newest, await ports.engine.tenant(tenant)))
    await firePast(tenant, end(ports.time.now()), sender, ports);
}

async function goLive(work: Work): Promise<void> {
  const { tenant, ending, newest, ports, sender, wasGoingLive } = work;
  await ports.engine.drained();
  if (wasGoingLive && isInBootstrap(await ports.engine.tenant(tenant))) await fireAllPast(work);
  const source = sourceAfterwards(ending, newest, ports.time.now(), await ports.engine.tenant(tenant));
  if (source !== null) await sender.command({ type: 'perennial.command.set-time-source.v1', tenant, source });
  await sender.command({ type: 'perennial.command.end-bootstrap.v1', tenant, customers: null });
  await ports.engine.drained();
}
