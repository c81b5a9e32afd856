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
import { Backpressure } from './backpressure';
import { Checkpoint, refuseOtherImport } from './checkpoint';
import { fireAllPast, type GoingLive, goLive, prepare } from './phases';
import type { ImportJob, ImportPhase, ImportPorts } from './ports';
import { rowRecord, chunksOf } from './row-records';
import { SignedSender } from './signed-sender';

export interface Imported {
  /** `done-before`: nothing was left to do. */
  readonly result: 'imported' | 'done-before';
  /** Activities sent by this run. */
  readonly sent: number;
  /** Activities in the log; less than there are rows only of one that was given up. */
  readonly acknowledged: number;
}

const CHUNK_ROWS = 1_000;

interface Work extends ImportJob, GoingLive {
  readonly checkpoint: Checkpoint;
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
  if (stored?.phase === 'done' || newest === null)
    return { result: 'done-before', sent: 0, acknowledged: stored?.acknowledged ?? 0 };
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
  const { acknowledged } = checkpoint;
  return { result: 'imported', sent: acknowledged - before, acknowledged };
}

const firstStatus = ({ tenant, input, history, ending, startedBy }: ImportJob, { time }: ImportPorts) =>
  ({
    ...{ tenant, input, ending, startedBy },
    fingerprint: history.fingerprint,
    total: history.total,
    acknowledged: 0,
    newest: history.newest,
    phase: 'prepare',
    startedAt: time.now(),
  }) as const;

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
