import type { Statement } from '../statement';

/** What commands set. Locks the rows of these tenants. Plan: primary key per row. */
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
