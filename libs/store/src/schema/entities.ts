/** The cold tables (docs/adr/0025), as rows and as entities of TypeORM. Migrations make the tables; TypeORM only reads and writes. */
import type { Instant } from '@perennial/values';
import { EntitySchema, type EntitySchemaColumnOptions, type ValueTransformer } from 'typeorm';

/* Columns, by their name in SQL. `bigint` is a number: the pool reads it as one (postgres/database.ts). */

const milliseconds: ValueTransformer = {
  from: (at: Date | null): Instant | null => at?.getTime() ?? null,
  to: (at: unknown): unknown => (typeof at === 'number' ? new Date(at) : at),
};

const text = (name: string): EntitySchemaColumnOptions => ({ name, type: 'text' });
const integer = (name: string): EntitySchemaColumnOptions => ({ name, type: 'integer' });
const bigint = (name: string): EntitySchemaColumnOptions => ({ name, type: 'bigint' });
/** A `timestamptz`, as milliseconds since 1970. */
const instant = (name: string): EntitySchemaColumnOptions => ({
  name,
  type: 'timestamptz',
  transformer: milliseconds,
});
const primary = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true });
const nullable = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({
  ...column,
  nullable: true,
});

/** The server's time, for a column of {@link instant}. */
export const now = (): string => 'now()';

export interface TenantRow {
  name: string;
  createdAt: Instant;
  createdBy: string;
}

export const TenantTable = new EntitySchema<TenantRow>({
  name: 'tenant',
  columns: {
    name: primary(text('name')),
    createdAt: instant('created_at'),
    createdBy: text('created_by'),
  },
});

export interface WriteKeyRow {
  /** Made by the server. */
  id: number;
  tenant: string;
  /** 32 bytes, see `hashWriteKey`. */
  hash: Buffer;
  label: string | null;
  createdAt: Instant;
  createdBy: string;
  /** Null: in force. */
  revokedAt: Instant | null;
  revokedBy: string | null;
}

export const WriteKeyTable = new EntitySchema<WriteKeyRow>({
  name: 'write_key',
  columns: {
    id: { ...primary(bigint('id')), generated: true },
    tenant: text('tenant'),
    hash: { name: 'hash', type: 'bytea' },
    label: nullable(text('label')),
    createdAt: instant('created_at'),
    createdBy: text('created_by'),
    revokedAt: nullable(instant('revoked_at')),
    revokedBy: nullable(text('revoked_by')),
  },
});

/** Written by the engine (named SQL), as its partitions read the log; read here. */
export interface TenantDefinitionRow {
  partition: number;
  tenant: string;
  /** Of the tenant in the partition, oldest first, from 0. */
  place: number;
  /** YAML, as it was published. */
  source: string;
  author: string | null;
  reason: string | null;
  publishedAt: Instant | null;
}

export const TenantDefinitionTable = new EntitySchema<TenantDefinitionRow>({
  name: 'tenant_definition',
  columns: {
    partition: primary(integer('partition')),
    tenant: primary(text('tenant')),
    place: primary(integer('place')),
    source: { name: 'source', type: 'json' },
    author: nullable(text('author')),
    reason: nullable(text('reason')),
    publishedAt: nullable(bigint('published_at')),
  },
});

export interface ImportProgressRow {
  name: string;
  tenant: string;
  /** As the user wrote it. */
  input: string;
  /** Null: begun by a release that kept none. */
  fingerprint: string | null;
  ending: string;
  /** Null: as of `fingerprint`. */
  newest: Instant | null;
  total: number;
  acknowledged: number;
  phase: string;
  /** Null: as of `fingerprint`; so the next. */
  startedBy: string | null;
  startedAt: Instant | null;
  /** Counts updates, from 1; compared before each. */
  revision: number;
  updatedAt: Instant;
}

export const ImportProgressTable = new EntitySchema<ImportProgressRow>({
  name: 'import_progress',
  columns: {
    name: primary(text('name')),
    tenant: text('tenant'),
    input: text('input'),
    fingerprint: nullable(text('fingerprint')),
    ending: text('ending'),
    newest: nullable(bigint('newest_at')),
    total: bigint('total'),
    acknowledged: bigint('acknowledged'),
    phase: text('phase'),
    startedBy: nullable(text('started_by')),
    startedAt: nullable(instant('started_at')),
    revision: bigint('revision'),
    updatedAt: instant('updated_at'),
  },
});

export interface DeadLetterResolutionRow {
  partition: number;
  /** Of the record in the activity topic. */
  offset: number;
  state: 'replaying' | 'replayed' | 'dropped';
  /** Why it was dropped; null: it was not. */
  reason: string | null;
  resolvedBy: string;
  resolvedAt: Instant;
  /** Number of the attempt, from 1. */
  attempt: number;
  /** End of the target partition when the first attempt began; null: dropped without one. */
  sentAfter: number | null;
}

export const DeadLetterResolutionTable = new EntitySchema<DeadLetterResolutionRow>({
  name: 'dead_letter_resolution',
  columns: {
    partition: primary(integer('partition')),
    offset: primary(bigint('source_offset')),
    state: text('state'),
    reason: nullable(text('reason')),
    resolvedBy: text('resolved_by'),
    resolvedAt: instant('resolved_at'),
    attempt: integer('attempt'),
    sentAfter: nullable(bigint('sent_after')),
  },
});

export interface PartitionSkipRow {
  /** Made by the server, in the order of skips. */
  id: number;
  partition: number;
  /** First offset passed over. */
  from: number;
  /** First offset after those. */
  to: number;
  reason: string;
  by: string;
  at: Instant;
}

export const PartitionSkipTable = new EntitySchema<PartitionSkipRow>({
  name: 'partition_skip',
  columns: {
    id: { ...primary(bigint('id')), generated: true },
    partition: integer('partition'),
    from: bigint('from_offset'),
    to: bigint('to_offset'),
    reason: text('reason'),
    by: text('skipped_by'),
    at: instant('skipped_at'),
  },
});

/** Every cold table. */
export const entities: EntitySchema[] = [
  ImportProgressTable,
  DeadLetterResolutionTable,
  PartitionSkipTable,
  TenantDefinitionTable,
  TenantTable,
  WriteKeyTable,
];
