import { InvalidInput } from '@perennial/values';
import { ENGINE_GROUP, TOPIC } from '@perennial/contracts';
import type { Connection } from '../connection';
import { readAt } from './readable';

const PATIENCE_MS = 30_000;

/** What a skip would do, checked. */
export interface PlannedSkip {
  readonly partition: number;
  /** The stored progress. */
  readonly from: number;
  readonly to: number;
  /** A sentence for the operator who confirms it. */
  readonly consequence: string;
}

/** Throws `InvalidInput` for a skip that goes back, beyond the end of the log, or nowhere. */
export async function planSkip(
  { log, inspection }: Pick<Connection, 'log' | 'inspection'>,
  partition: number,
  to: number,
  ranges: ReadonlyMap<number, { readonly low: number; readonly high: number }>,
): Promise<PlannedSkip> {
  const claim = (await inspection.claims()).find((one) => one.partition === partition);
  const range = ranges.get(partition);
  if (claim === undefined || range === undefined)
    throw refused(`partition ${partition} has no progress; \`perennial doctor\` lists the partitions`);
  const { nextOffset: from } = claim;
  const { low, high } = range;
  if (to <= from)
    throw refused(`partition ${partition} is at ${from} already; only what lies before it can be skipped`);
  if (to > high) throw refused(`the log of partition ${partition} ends at ${high}; skip to that at most`);
  if (to < low) throw refused(`the log of partition ${partition} begins at ${low}; skip to that at least`);
  const readable = from >= low && (await readAt(log, partition, from, high)).kind !== 'unreadable';
  const consequence =
    `Offsets ${from} to ${to - 1} of partition ${partition} will never be processed.` +
    (readable ? ' The log CAN be read there: activities that nothing is wrong with may be lost.' : '');
  return { partition, from, to, consequence };
}

const refused = (why: string): InvalidInput => new InvalidInput('CLI.SKIP_REFUSED', `Nothing was skipped: ${why}.`);

/**
 * Triggers a rebalance, so that engines claim a stopped partition again: joins their group for a moment and leaves it. False when
 * the log has no groups that another process could join.
 */
export async function shareAnew({ log, topics }: Pick<Connection, 'log' | 'topics'>): Promise<boolean> {
  try {
    const consumer = log.consumer({ topic: TOPIC.activity, group: `${topics.prefix}${ENGINE_GROUP}` });
    await new Promise<void>((joined, failed) => {
      const late = setTimeout(joined, PATIENCE_MS);
      const claim = (): Promise<null> => {
        clearTimeout(late);
        joined();
        return Promise.resolve(null);
      };
      const nothing = (): void => undefined;
      consumer.start({ claim, revoke: nothing, batch: () => Promise.resolve(), stopped: nothing }).catch(failed);
    });
    await consumer.stop();
    return true;
  } catch (error) {
    if (error instanceof InvalidInput) return false;
    throw error;
  }
}
