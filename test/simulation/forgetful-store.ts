/** The fault of the issue "Mend what was found", case 1: what a store remembers is kept by partition number, and not by session. */
import type { EngineStore, EngineSession } from '@perennial/engine';
import { type Database, HOT_STATEMENTS } from '@perennial/store';
import { aStoreWith } from '@perennial/testing';

/** A release lets go of whatever is remembered of the partition: that of a newer session, when it comes late. */
export function forgetsByPartition(honest: EngineStore, database: Database): EngineStore {
  const remembered = new Map<number, EngineSession>();
  const { name, text } = HOT_STATEMENTS.loadStates;
  const rowsOf = async (partition: number, keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> => {
    const rows = await database.query<{ key: string; packed: Uint8Array }>({ name, text, values: [partition, keys] });
    return new Map(rows.map(({ key, packed }) => [key, packed]));
  };
  return aStoreWith(honest, (session, partition) => {
    remembered.set(partition, session);
    return {
      load: (keys) => (remembered.has(partition) ? session.load(keys) : rowsOf(partition, keys)),
      release: (publishedThrough, nextOwner) => {
        remembered.delete(partition);
        return session.release(publishedThrough, nextOwner);
      },
    };
  });
}

/** A release is acknowledged at once, and carried out when the partition is claimed again: so that it is late. */
export function releasesLate(honest: EngineStore): EngineStore {
  const owed = new Map<number, () => Promise<void>>();
  const late: EngineStore = {
    claim: async (partition, owner) => {
      const session = await honest.claim(partition, owner);
      await owed.get(partition)?.();
      owed.delete(partition);
      return session;
    },
  };
  return aStoreWith(late, (session, partition) => ({
    release: (publishedThrough, nextOwner) => {
      owed.set(partition, () => session.release(publishedThrough, nextOwner).catch(() => undefined));
      return Promise.resolve();
    },
  }));
}
