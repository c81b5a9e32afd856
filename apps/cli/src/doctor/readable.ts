import { TOPIC } from '@perennial/contracts';
import { InvalidInput } from '@perennial/values';
import type { Log } from '@perennial/stream';

/** How long the log may take to give a first record, in ms. */
export const PATIENCE_MS = 5_000;

/**
 * Whether the activity topic can be read at an offset. `readable`: records come; `empty`: none are left, the offsets to the end are
 * markers of transactions and the like; `blocked`: a transaction is open there; `silent`: nothing comes for another reason.
 */
type Readability =
  | { readonly kind: 'readable' | 'empty' | 'blocked' | 'silent' }
  | { readonly kind: 'unreadable'; readonly why: string };

export async function readAt(log: Log, partition: number, offset: number, end: number): Promise<Readability> {
  if (offset >= end) return { kind: 'empty' };
  const done = new AbortController();
  const late = AbortSignal.timeout(PATIENCE_MS);
  try {
    await log.reader().read({
      topic: TOPIC.activity,
      from: new Map([[partition, offset]]),
      until: new Map([[partition, end]]),
      signal: AbortSignal.any([done.signal, late]),
      batch: ({ records }) => {
        if (records.length > 0) done.abort();
      },
    });
    if (done.signal.aborted) return { kind: 'readable' };
    return { kind: late.aborted ? await whyNothing(log, partition, offset) : 'empty' };
  } catch (error) {
    if (error instanceof InvalidInput) return { kind: 'unreadable', why: error.message };
    throw error;
  }
}

async function whyNothing(log: Log, partition: number, offset: number): Promise<'blocked' | 'silent'> {
  const admin = log.admin();
  try {
    await admin.connect();
    const stable = (await admin.stableOffsets(TOPIC.activity)).get(partition) ?? offset;
    return stable <= offset ? 'blocked' : 'silent';
  } finally {
    await admin.close();
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
