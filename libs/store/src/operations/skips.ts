/**
 * Lets the engine pass over offsets that it cannot read.
 *
 * 1. The progress moves only forward, only from where the operator saw it, and together with the record of who did it and why.
 * 2. It is fenced: the epoch is raised, so that an engine that held the partition can commit nothing more of it.
 */
import type { Instant } from '@perennial/values';
import type { Databases } from '../postgres/databases';
import { now, PartitionSkipTable } from '../schema/entities';
import { skipProgress } from '../session/statements/progress';

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
    skip: ({ partition, from, to, by, reason }) =>
      databases.of(partition).cold.transaction(async (manager) => {
        const [, moved] = await manager.query<[unknown, number]>(skipProgress.text, [partition, from, to]);
        if (moved === 0) return 'elsewhere';
        await manager.getRepository(PartitionSkipTable).insert({ partition, from, to, by, reason, at: now });
        return 'skipped';
      }),
    all: async () => {
      const each = databases.groups.map(({ database }) =>
        database.cold.table(PartitionSkipTable, (rows) => rows.find({ order: { id: 'ASC' } })),
      );
      return (await Promise.all(each))
        .flat()
        .map(({ partition, from, to, by, reason, at }) => ({ partition, from, to, by, reason, at }))
        .toSorted((a, b) => a.at - b.at);
    },
  };
}
