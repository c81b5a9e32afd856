import { type DeadLetter, type LogBatch, readDeadLetter, TOPIC } from '@perennial/contracts';
import type { Log } from '@perennial/stream';

/** Offsets read at a time: bounds memory, however many dead letters there are. */
const WINDOW = 1_000;

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
    for (let from = low; from < high; from += WINDOW) {
      const letters = await readWindow(log, partition, from, Math.min(from + WINDOW, high));
      yield letters.filter(({ position }) => isNew(highWater, position.partition, position.offset));
    }
  }
}

async function readWindow(log: Log, partition: number, from: number, until: number): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  await log.reader().read({
    topic: TOPIC.deadLetter,
    from: new Map([[partition, from]]),
    until: new Map([[partition, until]]),
    batch: ({ records }: LogBatch) => {
      for (const record of records) letters.push(...kept(readDeadLetter(record)));
    },
  });
  return letters;
}

/** Bytes of a batch may not be kept beyond it. */
function kept(letter: DeadLetter | null): DeadLetter[] {
  return letter === null ? [] : [{ ...letter, key: copy(letter.key), value: copy(letter.value) }];
}

const copy = (bytes: Uint8Array | null): Uint8Array | null => (bytes === null ? null : Uint8Array.from(bytes));

function isNew(highWater: Map<number, number>, source: number, offset: number): boolean {
  if (offset <= (highWater.get(source) ?? -1)) return false;
  highWater.set(source, offset);
  return true;
}
