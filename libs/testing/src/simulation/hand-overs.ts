import type { EngineStore } from '@perennial/engine';
import { aStoreWith } from '../engine-store-builders';

/** A process's store; tells of a claim of a partition whose former session of this process has not been released yet. */
export function watchHandOvers(store: EngineStore, overlaps: (partition: number) => void): EngineStore {
  const open = new Set<number>();
  const counted: EngineStore = {
    claim: async (partition, owner) => {
      if (open.has(partition)) overlaps(partition);
      const session = await store.claim(partition, owner);
      open.add(partition);
      return session;
    },
  };
  return aStoreWith(counted, (session, partition) => ({
    release: (publishedThrough, nextOwner) =>
      session.release(publishedThrough, nextOwner).finally(() => open.delete(partition)),
  }));
}
