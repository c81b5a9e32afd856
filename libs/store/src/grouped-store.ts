import type { EngineStore } from '@perennial/engine';
import { type Databases, type GroupDatabase, holderOf } from './databases';

/**
 * The engine's store over several databases: a partition is claimed in the database that holds it. The stores share nothing,
 * so that one that is away keeps no other waiting.
 */
export function createGroupedStore({ groups }: Databases, open: (group: GroupDatabase) => EngineStore): EngineStore {
  const stores = groups.map((group) => ({ ...group, store: open(group) }));
  return { claim: async (partition, owner) => holderOf(stores, partition).store.claim(partition, owner) };
}
