import type { Statement } from '../statement';

/** Locks the rows of the tenants whose state changed. Plan: primary key per row. */
export const writeTenants: Statement<[partition: number, tenants: readonly string[], states: readonly string[]]> = {
  name: 'write-tenants',
  text: `
INSERT INTO partition_tenant (partition, tenant, state)
SELECT $1, r.tenant, r.state FROM unnest($2::text[], $3::json[]) AS r(tenant, state)
ON CONFLICT (partition, tenant) DO UPDATE SET state = excluded.state`,
};
