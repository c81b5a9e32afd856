import type { Statement } from '../statement';

/* Cold reads for operators. None takes a lock. */

/** Null: the database has never been migrated. */
export const findMigrationTable: Statement<[table: string], { readonly found: string | null }> = {
  name: 'inspect-migration-table',
  text: 'SELECT to_regclass($1)::text AS found',
};

export const listMigrations: Statement<[], { readonly name: string }> = {
  name: 'inspect-migrations',
  text: 'SELECT name FROM schema_migration ORDER BY id',
};

export interface ClaimRow {
  readonly partition: number;
  readonly next_offset: number;
  readonly owner: string;
  readonly released: boolean;
  /** Milliseconds since 1970. */
  readonly claimed_at: number;
  readonly blobs: number;
}

/** Plan: the small table of partitions, and a prefix of the outbox's primary key each. */
export const listClaims: Statement<[], ClaimRow> = {
  name: 'inspect-claims',
  text: `
SELECT partition, next_offset, owner, released, (extract(epoch FROM claimed_at) * 1000)::bigint AS claimed_at,
       (SELECT count(*) FROM outbox o WHERE o.partition = p.partition) AS blobs
FROM partition_progress p ORDER BY partition`,
};
