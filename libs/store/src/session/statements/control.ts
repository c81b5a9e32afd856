/**
 * What a partition holds of its tenants, and of the clock records and commands that it has obeyed.
 *
 * | table | row | says |
 * | --- | --- | --- |
 * | `partition_tenant` | partition, tenant | settings of the tenant, as commands set them |
 * | `tenant_definition` | partition, tenant, place | a published definition; written once |
 * | `tenant_clock` | partition, tenant | newest event time |
 * | `partition_clock` | partition, processor, tenant | number and time of the newest clock record |
 * | `partition_command` | partition, number | a number that a command used up; the 1,000 greatest |
 *
 * The reads run after `claimPartition` in its transaction, which keeps writers away: they take no lock of their own.
 */
import type { ClockPosition, EngineCommit, TenantChange, TenantState } from '@perennial/engine';
import { bind, type Bound, type Statement } from '../../postgres/statement';

/** Of a tenant in a partition: its settings, its definitions in their order, and its newest event time. */
export const TENANT_STATE = `
  t.tenant, t.source, t.bootstrap, c.newest_at AS "newestAt",
  coalesce((SELECT json_agg(json_build_object('source', d.source, 'author', d.author, 'reason', d.reason,
                                              'publishedAt', d.published_at) ORDER BY d.place)
            FROM tenant_definition d WHERE d.partition = t.partition AND d.tenant = t.tenant), '[]') AS definitions`;

/** Plan: primary keys, a prefix and one descent per tenant. */
export const readTenants: Statement<[partition: number], TenantState> = {
  name: 'read-tenants',
  text: `
SELECT ${TENANT_STATE}
FROM partition_tenant t LEFT JOIN tenant_clock c USING (partition, tenant)
WHERE t.partition = $1 ORDER BY t.tenant`,
};

/** Locks the rows of these tenants. Plan: primary key per row. */
export const writeTenants: Statement<
  [partition: number, tenants: readonly string[], sources: readonly string[], bootstraps: readonly string[]]
> = {
  name: 'write-tenants',
  text: `
INSERT INTO partition_tenant (partition, tenant, source, bootstrap)
SELECT $1, r.tenant, r.source, r.bootstrap
FROM unnest($2::text[], $3::json[], $4::json[]) AS r(tenant, source, bootstrap)
ON CONFLICT (partition, tenant) DO UPDATE SET source = excluded.source, bootstrap = excluded.bootstrap`,
};

/**
 * Definitions that follow the stored ones; `places` count from 0 within each tenant. Plan: insert, after a prefix of the primary
 * key is counted per row.
 */
export const writeDefinitions: Statement<
  [
    partition: number,
    tenants: readonly string[],
    places: readonly number[],
    sources: readonly string[],
    authors: readonly (string | null)[],
    reasons: readonly (string | null)[],
    publishedAt: readonly (number | null)[],
  ]
> = {
  name: 'write-definitions',
  text: `
INSERT INTO tenant_definition (partition, tenant, place, source, author, reason, published_at)
SELECT $1, r.tenant, r.place + (SELECT count(*) FROM tenant_definition d WHERE d.partition = $1 AND d.tenant = r.tenant),
  r.source, r.author, r.reason, r.published_at
FROM unnest($2::text[], $3::integer[], $4::json[], $5::text[], $6::text[], $7::bigint[])
  AS r(tenant, place, source, author, reason, published_at)`,
};

/** Newest event times. Locks the rows of these tenants. Plan: primary key per row, HOT by fillfactor 50. */
export const writeTenantClocks: Statement<[partition: number, tenants: readonly string[], newest: readonly number[]]> =
  {
    name: 'write-tenant-clocks',
    text: `
INSERT INTO tenant_clock (partition, tenant, newest_at)
SELECT $1, r.tenant, r.newest_at FROM unnest($2::text[], $3::bigint[]) AS r(tenant, newest_at)
ON CONFLICT (partition, tenant) DO UPDATE SET newest_at = excluded.newest_at`,
  };

export interface ClockRow extends Omit<ClockPosition, 'tenant'> {
  /** Empty: all live tenants. */
  readonly tenant: string;
}

/** Plan: primary key, prefix; one row for each processor, and for each tenant that has its own clock records. */
export const readClocks: Statement<[partition: number], ClockRow> = {
  name: 'read-clocks',
  text: 'SELECT processor, tenant, epoch, counter, at FROM partition_clock WHERE partition = $1 ORDER BY processor, tenant',
};

/** Plan: primary key, prefix; at most 1,000 rows. */
export const readCommands: Statement<[partition: number], { readonly number: number }> = {
  name: 'read-commands',
  text: 'SELECT number FROM partition_command WHERE partition = $1 ORDER BY number',
};

/** Locks the rows of these processors: one for a clock record. Plan: primary key per row, HOT by fillfactor 50. */
export const writeClocks: Statement<
  [
    partition: number,
    processors: readonly string[],
    tenants: readonly string[],
    epochs: readonly number[],
    counters: readonly number[],
    ats: readonly (number | null)[],
  ]
> = {
  name: 'write-clocks',
  text: `
INSERT INTO partition_clock (partition, processor, tenant, epoch, counter, at)
SELECT $1, r.processor, r.tenant, r.epoch, r.counter, r.at
FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[]) AS r(processor, tenant, epoch, counter, at)
ON CONFLICT (partition, processor, tenant) DO UPDATE
SET epoch = excluded.epoch, counter = excluded.counter, at = excluded.at`,
};

/** Plan: insert. */
export const writeCommands: Statement<[partition: number, numbers: readonly number[]]> = {
  name: 'write-commands',
  text: 'INSERT INTO partition_command (partition, number) SELECT $1, unnest($2::bigint[])',
};

/** Plan: primary key range, as many rows as commands came. */
export const forgetCommands: Statement<[partition: number, below: number]> = {
  name: 'forget-commands',
  text: 'DELETE FROM partition_command WHERE partition = $1 AND number < $2',
};

/** The part of a commit for these tables; no statement for a table that the micro-batch does not touch. */
export function controlStatements(
  partition: number,
  { tenants, numbers: { clocks, commands, commandsFrom } }: Pick<EngineCommit, 'tenants' | 'numbers'>,
): readonly Bound<unknown>[] {
  return [
    ...settings(partition, tenants),
    ...definitions(partition, tenants),
    ...newest(partition, tenants),
    ...(clocks.length === 0 ? [] : [positions(partition, clocks)]),
    ...(commandsFrom === null ? [] : [bind(forgetCommands, partition, commandsFrom)]),
    ...(commands.length === 0 ? [] : [bind(writeCommands, partition, commands)]),
  ];
}

function settings(partition: number, changes: readonly TenantChange[]): readonly Bound<unknown>[] {
  const rows = changes.filter(({ source }) => source !== undefined);
  if (rows.length === 0) return [];
  const json = (values: readonly unknown[]): string[] => values.map((value) => JSON.stringify(value));
  const [sources, bootstraps] = [rows.map((row) => row.source), rows.map((row) => row.bootstrap)];
  return [bind(writeTenants, partition, tenantsOf(rows), json(sources), json(bootstraps))];
}

function definitions(partition: number, changes: readonly TenantChange[]): readonly Bound<unknown>[] {
  const rows = changes.flatMap(({ tenant, definitions: published = [] }) =>
    published.map((definition, place) => ({ tenant, place, ...definition })),
  );
  if (rows.length === 0) return [];
  return [
    bind(
      writeDefinitions,
      partition,
      tenantsOf(rows),
      rows.map((row) => row.place),
      rows.map((row) => JSON.stringify(row.source)),
      rows.map((row) => row.author),
      rows.map((row) => row.reason),
      rows.map((row) => row.publishedAt),
    ),
  ];
}

function newest(partition: number, changes: readonly TenantChange[]): readonly Bound<unknown>[] {
  const rows = changes.flatMap(({ tenant, newestAt }) => (newestAt == null ? [] : [{ tenant, newestAt }]));
  if (rows.length === 0) return [];
  const times = rows.map((row) => row.newestAt);
  return [bind(writeTenantClocks, partition, tenantsOf(rows), times)];
}

function positions(partition: number, clocks: readonly ClockPosition[]): Bound<unknown> {
  return bind(
    writeClocks,
    partition,
    clocks.map((clock) => clock.processor),
    clocks.map((clock) => clock.tenant ?? LIVE),
    clocks.map((clock) => clock.epoch),
    clocks.map((clock) => clock.counter),
    clocks.map((clock) => clock.at),
  );
}

/** `tenant` of `partition_clock`: all live tenants. */
const LIVE = '';

/** A row of `partition_clock` as the engine reads it. */
export const positionOf = ({ tenant, ...row }: ClockRow): ClockPosition => ({
  ...row,
  tenant: tenant === LIVE ? null : (tenant as ClockPosition['tenant']),
});

const tenantsOf = (rows: readonly Pick<TenantChange, 'tenant'>[]): string[] => rows.map((row) => row.tenant);
