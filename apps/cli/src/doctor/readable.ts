import { InvalidInput, TOPIC } from '@perennial/contracts';
import type { Log } from '@perennial/stream';

const PATIENCE_MS = 5_000;

/**
 * Whether the activity topic can be read at an offset: `blocked` when nothing comes (a transaction is open), else why not. The end
 * of the log is readable: there is nothing to fail.
 */
export type Readability =
  | { readonly kind: 'readable' | 'blocked' }
  | { readonly kind: 'unreadable'; readonly why: string };

export async function readAt(log: Log, partition: number, offset: number, end: number): Promise<Readability> {
  if (offset >= end) return { kind: 'readable' };
  const done = new AbortController();
  const late = AbortSignal.timeout(PATIENCE_MS);
  try {
    await log.reader().read({
      topic: TOPIC.activity,
      from: new Map([[partition, offset]]),
      until: new Map([[partition, end]]),
      signal: AbortSignal.any([done.signal, late]),
      batch: () => {
        done.abort();
      },
    });
    return { kind: late.aborted ? 'blocked' : 'readable' };
  } catch (error) {
    if (error instanceof InvalidInput) return { kind: 'unreadable', why: error.message };
    throw error;
  }
}

/** The first offset after an unreadable one at which the log can be read again; `isReadable` is asked few times. */
export async function firstReadable(
  unreadable: number,
  end: number,
  isReadable: (offset: number) => Promise<boolean>,
): Promise<number> {
  let [bad, step] = [unreadable, 1];
  while (bad + step < end && !(await isReadable(bad + step))) {
    bad += step;
    step *= 2;
  }
  let good = Math.min(bad + step, end);
  while (good - bad > 1) {
    const middle = Math.floor((bad + good) / 2);
    if (await isReadable(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
