import { setTimeout as wait } from 'node:timers/promises';
import { TOPIC } from '@perennial/contracts';
import { RetryableError } from '@perennial/values';
import type { PartitionProgress } from '@perennial/store';
import type { Connection } from '../connection';

const INTERVAL_MS = 50;

interface DrainedOptions {
  /** Ms without any step after which it is given up. Default: two minutes. */
  readonly patience?: number;
  /** Told once when nothing has moved for a while. */
  readonly say?: (line: string) => void;
}

/**
 * Resolves when the engine has committed, and published what came of, every record that is in the activity topic at this
 * moment. Records that come meanwhile are not waited for. Throws `RetryableError` when nothing at all happened for `patience` ms.
 */
export async function drained(
  { log, reports }: Pick<Connection, 'log' | 'reports'>,
  signal: AbortSignal,
  { patience, say }: DrainedOptions = {},
): Promise<void> {
  const { GIVEN_UP_AFTER_MS, Standstill } = await import('@perennial/importer');
  const givenUpAfterMs = patience ?? GIVEN_UP_AFTER_MS;
  const admin = log.admin();
  await admin.connect();
  const ends = new Map((await admin.offsets(TOPIC.activity)).map(({ partition, high }) => [partition, high]));
  await admin.close();
  const standstill = new Standstill(() => performance.now(), givenUpAfterMs);
  for (;;) {
    const progress = new Map((await reports.progress()).map((row) => [row.partition, row]));
    const behind = [...ends].filter(([partition, end]) => !isThrough(progress.get(partition), end));
    if (behind.length === 0) return;
    const movement = standstill.look(JSON.stringify([...progress]));
    if (movement === 'still')
      say?.(`Waiting for the engine, which does not move: ${placesOf(behind, progress)}. ${REMEDY}`);
    if (movement === 'stopped') throw stopped(behind, progress, givenUpAfterMs);
    await wait(INTERVAL_MS, undefined, { signal });
  }
}

const isThrough = (row: PartitionProgress | undefined, end: number): boolean =>
  end === 0 ||
  (row !== undefined && row.nextOffset >= end && (row.oldestUnpublished === null || row.oldestUnpublished >= end));

const REMEDY = 'Is it up? `perennial doctor` says what is wrong.';

type Behind = readonly (readonly [partition: number, end: number])[];

function placesOf(behind: Behind, progress: ReadonlyMap<number, PartitionProgress>): string {
  const places = behind.map(([partition, end]) => {
    const row = progress.get(partition);
    const unpublished = row === undefined || row.unpublished === 0 ? '' : `, ${row.unpublished} batches unpublished`;
    return `partition ${partition} at ${row?.nextOffset ?? 0} of ${end}${unpublished}`;
  });
  return places.join('; ');
}

function stopped(behind: Behind, progress: ReadonlyMap<number, PartitionProgress>, ms: number): RetryableError {
  return new RetryableError(
    'CLI.ENGINE_STANDS_STILL',
    `The engine has done nothing for ${ms / 1000} s: ${placesOf(behind, progress)}. See its log, and \`perennial doctor\`.`,
  );
}
