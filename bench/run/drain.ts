/** One engine, from its start until it is through with what is in the log and all rows show it. */
import { openProgress } from '@perennial/command-line';
import { type Around, Meter } from './meter';
import type { Servers } from './servers';
import type { Ground } from './standby';

export interface Drain extends Around {
  /** From the claim of the first partition to the commit of the last record. */
  readonly seconds: number;
  /** From the commit of the last record until the rows show it. */
  readonly rowsSeconds: number;
  readonly engineCpuSeconds: number;
  readonly walBytes: number;
  /** Resident memory of the engine when it was up, afterwards, and at most. */
  readonly begunMib: number;
  readonly heldMib: number;
  readonly peakMib: number;
}

/** Processor time counts from when the engine is up: its start is no part of what an activity costs. */
export async function drain(servers: Servers, ground: Ground, title: string, total: number): Promise<Drain> {
  const { installation, engine } = ground;
  await engine.url();
  const before = await reading(ground);
  const meter = new Meter(servers);
  const progress = openProgress({ title, unit: 'records', total, from: before.done });
  try {
    const { claimedAt, doneAt } = await installation.drained(engine, progress.update);
    await installation.rowsWritten(engine);
    const writtenAt = Date.now();
    const engineCpuSeconds = engine.cpuSeconds - before.cpuSeconds;
    const around = meter.since(engineCpuSeconds);
    return {
      ...around,
      engineCpuSeconds,
      seconds: (doneAt - claimedAt) / 1000,
      rowsSeconds: (writtenAt - doneAt) / 1000,
      walBytes: (await reading(ground)).wal - before.wal,
      begunMib: before.mib,
      heldMib: engine.residentMib('now'),
      peakMib: engine.residentMib('peak'),
    };
  } finally {
    progress.stop();
  }
}

interface Reading {
  readonly done: number;
  readonly wal: number;
  readonly cpuSeconds: number;
  readonly mib: number;
}

async function reading({ installation, engine }: Ground): Promise<Reading> {
  const { wal, done } = await installation.measure<'wal' | 'done'>(
    'bench-reading',
    `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint AS wal,
            (SELECT coalesce(sum(next_offset), 0)::bigint FROM partition_progress) AS done`,
  );
  return { wal, done, cpuSeconds: engine.cpuSeconds, mib: engine.residentMib('now') };
}
