import type { EngineStore } from '@perennial/engine';
import { type Databases, type GroupDatabase, holderOf } from './databases';

/**
 * The engine's store over several databases: each call goes to the store of the database that holds its partition. The stores
 * share nothing, so that one that is away keeps no other waiting.
 */
export function createGroupedStore({ groups }: Databases, open: (group: GroupDatabase) => EngineStore): EngineStore {
  const stores = groups.map((group) => ({ ...group, store: open(group) }));
  const of = (partition: number): EngineStore => holderOf(stores, partition).store;
  return {
    claim: async (partition, owner) => of(partition).claim(partition, owner),
    load: async (partition, keys) => of(partition).load(partition, keys),
    due: async (partition, queries, limit) => of(partition).due(partition, queries, limit),
    earliest: async (partition, queries) => of(partition).earliest(partition, queries),
    commit: async (commit) => of(commit.partition).commit(commit),
    renew: async (partition, epoch) => of(partition).renew(partition, epoch),
    release: async (partition, epoch, publishedThrough) => of(partition).release(partition, epoch, publishedThrough),
    rest: async (partition, publishedThrough) => of(partition).rest(partition, publishedThrough),
  };
}
