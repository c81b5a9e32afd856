/**
 * Lets the engine pass over offsets that it cannot read.
 *
 * 1. The progress moves only forward, only from where the operator saw it, and together with the record of who did it and why.
 * 2. It is fenced: the epoch is raised, so that an engine that held the partition can commit nothing more of it.
 */
import type { Instant } from '@perennial/contracts';
import type { Databases } from './databases';
import { listSkips, skipOffsets } from './sql/skip-offsets';
import { bind } from './statement';

export interface Skip {
  readonly partition: number;
  /** First offset that was not processed. */
  readonly from: number;
  /** First offset that is to be processed. */
  readonly to: number;
  readonly by: string;
  readonly reason: string;
}

export interface Skips {
  /** `elsewhere`: the progress of the partition is not at `from`, or `to` is not beyond it; nothing was done. */
  skip(skip: Skip): Promise<'skipped' | 'elsewhere'>;
  /** All there ever were, oldest first. */
  all(): Promise<readonly (Skip & { readonly at: Instant })[]>;
}

export function createSkips(databases: Databases): Skips {
  return {
    skip: async ({ partition, from, to, by, reason }) => {
      const moved = await databases.of(partition).query(bind(skipOffsets, partition, from, to, by, reason));
      return moved.length === 1 ? 'skipped' : 'elsewhere';
    },
    all: async () => {
      const rows = await databases.everywhere(bind(listSkips));
      return rows
        .map(({ from_offset: from, to_offset: to, skipped_by: by, skipped_at: at, partition, reason }) => ({
          partition,
          from,
          to,
          by,
          reason,
          at,
        }))
        .toSorted((a, b) => a.at - b.at);
    },
  };
}
