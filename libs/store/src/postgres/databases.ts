/**
 * The databases of an installation: each holds the state of a group of partitions, and a transaction never spans two groups
 * (ADR 0019). The database of partition 0 also holds the tables that have no partition.
 */
import { InvariantViolation } from '@perennial/values';
import { type Database, type DatabaseOptions, openDatabase } from './database';
import type { Bound } from './statement';

/** Partitions [first, last] of the activity topic. */
export interface PartitionGroup {
  readonly first: number;
  readonly last: number;
}

export interface GroupDatabase extends PartitionGroup {
  /** For messages: `database`, or `database of partitions 0 to 7` where there are several. */
  readonly name: string;
  readonly url: string;
  readonly database: Database;
}

export interface Databases {
  /** In order of partitions. */
  readonly groups: readonly GroupDatabase[];
  /** The database of partition 0: tenants, write keys, imports, dead letters settled, advisory locks. */
  readonly first: GroupDatabase;
  /** The database that holds the partition. Throws `InvariantViolation` STORE.NO_HOLDER. */
  of(partition: number): Database;
  /** Runs the statement on every database; rows in order of partitions. */
  everywhere<Row>(bound: Bound<Row>): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** Opens a pool for each group; groups are in order of partitions. */
export function openDatabases(
  groups: readonly (PartitionGroup & Pick<DatabaseOptions, 'url'>)[],
  options: Omit<DatabaseOptions, 'url'>,
): Databases {
  const several = groups.length > 1;
  return databasesOf(
    groups.map(({ first, last, url }) => ({
      first,
      last,
      url,
      name: several ? `database of partitions ${first} to ${last}` : 'database',
      database: openDatabase({ ...options, url }),
    })),
  );
}

function databasesOf(groups: readonly GroupDatabase[]): Databases {
  const [first] = groups;
  if (first === undefined)
    throw new InvariantViolation('STORE.NO_DATABASE', 'An installation has one database at least.');
  return {
    groups,
    first,
    of: (partition) => holderOf(groups, partition).database,
    everywhere: async (bound) => (await Promise.all(groups.map(({ database }) => database.query(bound)))).flat(),
    close: async () => {
      await Promise.all(groups.map(({ database }) => database.close()));
    },
  };
}

export function holderOf<Group extends PartitionGroup>(groups: readonly Group[], partition: number): Group {
  const holder = groups.find(({ first, last }) => first <= partition && partition <= last);
  if (holder !== undefined) return holder;
  throw new InvariantViolation('STORE.NO_HOLDER', `No database holds partition ${partition}.`);
}
