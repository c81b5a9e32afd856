import { setTimeout as wait } from 'node:timers/promises';
import { TOPIC } from '@perennial/contracts';
import type { PartitionProgress } from '@perennial/store';
import type { Connection } from '../connection';

const INTERVAL_MS = 50;
/** Longer than any pause of a healthy engine: taking partitions over after a kill, a restart of the broker. */
const STANDSTILL_MS = 120_000;

/**
 * Resolves when the engine has committed, and published what came of, every record that is in the activity topic at this
 * moment. Records that come meanwhile are not waited for. Throws when nothing at all happened for `patience` ms.
 */
export async function drained(
  { log, reports }: Pick<Connection, 'log' | 'reports'>,
  signal: AbortSignal,
  patience = STANDSTILL_MS,
): Promise<void> {
  const admin = log.admin();
  await admin.connect();
  const ends = new Map((await admin.offsets(TOPIC.activity)).map(({ partition, high }) => [partition, high]));
  await admin.close();
  for (let seen = '', since = performance.now(); ; ) {
    const progress = new Map((await reports.progress()).map((row) => [row.partition, row]));
    const behind = [...ends].filter(([partition, end]) => !isThrough(progress.get(partition), end));
    if (behind.length === 0) return;
    const now = JSON.stringify([...progress]);
    if (now !== seen) [seen, since] = [now, performance.now()];
    if (performance.now() - since > patience) throw standstill(behind, progress, patience);
    await wait(INTERVAL_MS, undefined, { signal });
  }
}

const isThrough = (row: PartitionProgress | undefined, end: number): boolean =>
  end === 0 ||
  (row !== undefined && row.nextOffset >= end && (row.oldestUnpublished === null || row.oldestUnpublished >= end));

function standstill(
  behind: readonly (readonly [partition: number, end: number])[],
  progress: ReadonlyMap<number, PartitionProgress>,
  patience: number,
): Error {
  const places = behind.map(([partition, end]) => {
    const row = progress.get(partition);
    const unpublished = row === undefined || row.unpublished === 0 ? '' : `, ${row.unpublished} batches unpublished`;
    return `partition ${partition} at ${row?.nextOffset ?? 0} of ${end}${unpublished}`;
  });
  return new Error(
    `The engine has done nothing for ${patience / 1000} s: ${places.join('; ')}. See its log, and \`perennial doctor\`.`,
  );
}
