import type { Statement } from '../statement';

/**
 * Locks the rows of the totals, which belong to the partition and hence to its owner; no order is needed. Deltas of one
 * name are added up first, since an upsert may meet a row only once. Plan: primary key per row, HOT by fillfactor 50.
 */
export const addTotals: Statement<
  [partition: number, tenants: readonly string[], names: readonly string[], deltas: readonly number[]]
> = {
  name: 'add-totals',
  text: `
INSERT INTO partition_total AS t (partition, tenant, name, value)
SELECT $1, r.tenant, r.name, sum(r.delta)
FROM unnest($2::text[], $3::text[], $4::bigint[]) AS r(tenant, name, delta)
GROUP BY r.tenant, r.name
ON CONFLICT (partition, tenant, name) DO UPDATE SET value = t.value + excluded.value`,
};
