import type { Instant, TenantId } from '@perennial/values';
import type { Database } from './database';
import type { Databases, PartitionGroup } from './databases';
import type { Layout } from './layout';
import { MIGRATION_TABLE, migrationNames } from './migrations/all';
import { findEarliest } from './sql/find-earliest';
import { findMigrationTable, listClaims, listMigrations } from './sql/inspect';
import { readInstallation } from './sql/installation';
import { bind } from './statement';

/** How the schema compares with this release's. */
export interface SchemaState {
  /** Migrations that have not run yet. */
  readonly missing: readonly string[];
  /** Migrations of a newer release. */
  readonly unknown: readonly string[];
}

/** Who has a partition, and how far it is. */
export interface PartitionClaim {
  readonly partition: number;
  readonly nextOffset: number;
  readonly owner: string;
  /** Given back: nobody has it now. */
  readonly released: boolean;
  readonly claimedAt: Instant;
  /** Micro-batches in the outbox: not published yet, or published after the newest commit. */
  readonly blobs: number;
}

/** What is looked at in one database. */
export interface DatabaseInspection extends PartitionGroup {
  readonly name: string;
  schema(): Promise<SchemaState>;
  /** The log that the database belongs to, and the partitions it holds; null before the first start. */
  layout(): Promise<Layout | null>;
}

/** What operators look at; reads only. */
export interface Inspection {
  /** Each by itself, in order of partitions, since one may be away. */
  readonly databases: readonly DatabaseInspection[];
  claims(): Promise<readonly PartitionClaim[]>;
  /** The earliest deadline of each tenant in a partition, in the tenant's time, those of the keys in `except` left out. */
  earliest(
    partition: number,
    tenants: readonly TenantId[],
    except: readonly string[],
  ): Promise<ReadonlyMap<TenantId, Instant>>;
}

export function createInspection(databases: Databases): Inspection {
  return {
    databases: databases.groups.map(({ database, name, first, last }) => ({
      name,
      first,
      last,
      schema: () => schemaOf(database),
      layout: async () => (await database.query(bind(readInstallation)))[0] ?? null,
    })),
    claims: async () => {
      const rows = await databases.everywhere(bind(listClaims));
      return rows.map(({ next_offset: nextOffset, claimed_at: claimedAt, ...row }) => ({
        ...row,
        nextOffset,
        claimedAt,
      }));
    },
    earliest: async (partition, tenants, except) => {
      const rows = await databases.of(partition).query(bind(findEarliest, partition, tenants, except));
      return new Map(rows.map(({ tenant, due }) => [tenant as TenantId, due]));
    },
  };
}

async function schemaOf(database: Database): Promise<SchemaState> {
  const [table] = await database.query(bind(findMigrationTable, MIGRATION_TABLE));
  const ran = table?.found == null ? [] : (await database.query(bind(listMigrations))).map(({ name }) => name);
  return {
    missing: migrationNames.filter((name) => !ran.includes(name)),
    unknown: ran.filter((name) => !migrationNames.includes(name)),
  };
}
