import type { Instant, TenantId } from '@perennial/values';
import type { Database } from '../postgres/database';
import type { Databases, PartitionGroup } from '../postgres/databases';
import { bind, type Statement } from '../postgres/statement';
import { type Layout, readInstallation } from '../schema/layout';
import { MIGRATION_TABLE, migrationNames } from '../schema/migrations/all';
import { findEarliest } from '../session/statements/deadlines';

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

/* Cold reads for operators. None takes a lock. */

/** Null: the database has never been migrated. */
const findMigrationTable: Statement<[table: string], { readonly found: string | null }> = {
  name: 'inspect-migration-table',
  text: 'SELECT to_regclass($1)::text AS found',
};

const listMigrations: Statement<[], { readonly name: string }> = {
  name: 'inspect-migrations',
  text: 'SELECT name FROM schema_migration ORDER BY id',
};

interface ClaimRow {
  readonly partition: number;
  readonly next_offset: number;
  readonly owner: string;
  readonly released: boolean;
  /** Milliseconds since 1970. */
  readonly claimed_at: number;
  readonly blobs: number;
}

/** Plan: the small table of partitions, and a prefix of the outbox's primary key each. */
const listClaims: Statement<[], ClaimRow> = {
  name: 'inspect-claims',
  text: `
SELECT partition, next_offset, owner, released, (extract(epoch FROM claimed_at) * 1000)::bigint AS claimed_at,
       (SELECT count(*) FROM outbox o WHERE o.partition = p.partition) AS blobs
FROM partition_progress p ORDER BY partition`,
};
