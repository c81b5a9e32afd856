import {
  type DeadLetter,
  type LogBatch,
  recordBytes,
  readDeadLetter,
  storedHeaders,
  TOPIC,
} from '@perennial/contracts';
import type { Log } from '@perennial/stream';

/** Offsets, and bytes of records, read at a time: bounds memory, however many dead letters there are and however large. */
const WINDOW = 1_000;
const WINDOW_BYTES = 16 * 1024 * 1024;

/**
 * All dead letters that the log still has, partition by partition and oldest first. Repeats (an engine that was killed may
 * have written some twice) are left out as every reader of facts does it: by a high-water per partition they came from.
 */
export async function* readDeadLetters(log: Log): AsyncGenerator<readonly DeadLetter[]> {
  const admin = log.admin();
  await admin.connect();
  const offsets = await admin.offsets(TOPIC.deadLetter);
  await admin.close();
  for (const { partition, low, high } of offsets) {
    const highWater = new Map<number, number>();
    for (let from = low; from < high; ) {
      const { letters, next } = await readWindow(log, partition, from, Math.min(from + WINDOW, high));
      from = next;
      yield letters.filter(({ position }) => isNew(highWater, position.partition, position.offset));
    }
  }
}

interface Window {
  readonly letters: DeadLetter[];
  /** Where the next window begins. */
  readonly next: number;
}

async function readWindow(log: Log, partition: number, from: number, until: number): Promise<Window> {
  const letters: DeadLetter[] = [];
  const enough = new AbortController();
  let [bytes, next] = [0, until];
  await log.reader().read({
    topic: TOPIC.deadLetter,
    from: new Map([[partition, from]]),
    until: new Map([[partition, until]]),
    signal: enough.signal,
    batch: ({ records }: LogBatch) => {
      for (const record of records) {
        if (enough.signal.aborted) return;
        letters.push(...kept(readDeadLetter(record)));
        bytes += recordBytes(record);
        if (bytes < WINDOW_BYTES) continue;
        next = record.offset + 1;
        enough.abort();
      }
    },
  });
  return { letters, next };
}

/** Bytes of a batch may not be kept beyond it. */
function kept(letter: DeadLetter | null): DeadLetter[] {
  return letter === null
    ? []
    : [
        {
          ...letter,
          key: copy(letter.key),
          value: copy(letter.value),
          headers: storedHeaders(letter.headers),
        },
      ];
}

const copy = (bytes: Uint8Array | null): Uint8Array | null => (bytes === null ? null : Uint8Array.from(bytes));

function isNew(highWater: Map<number, number>, source: number, offset: number): boolean {
  if (offset <= (highWater.get(source) ?? -1)) return false;
  highWater.set(source, offset);
  return true;
}
