import type { Statement } from '../statement';

/** Locks the rows of its customers, in key order. Plan: primary key per row; a changed `due` also writes deadline_due. */
export const writeDeadlines: Statement<
  [partition: number, keys: readonly string[], tenants: readonly string[], dues: readonly number[]]
> = {
  name: 'write-deadlines',
  text: `
INSERT INTO deadline (partition, key, tenant, due)
SELECT $1, r.key, r.tenant, r.due FROM unnest($2::text[], $3::text[], $4::bigint[]) AS r(key, tenant, due)
ON CONFLICT (partition, key) DO UPDATE SET due = excluded.due, tenant = excluded.tenant`,
};
