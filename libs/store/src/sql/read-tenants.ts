import type { TenantState } from '@perennial/engine';
import type { Statement } from '../statement';

/** Of a tenant in a partition: its settings, its definitions in their order, and its newest event time. */
export const TENANT_STATE = `
  t.tenant, t.source, t.bootstrap, c.newest_at AS "newestAt",
  coalesce((SELECT json_agg(json_build_object('source', d.source, 'author', d.author, 'reason', d.reason,
                                              'publishedAt', d.published_at) ORDER BY d.place)
            FROM tenant_definition d WHERE d.partition = t.partition AND d.tenant = t.tenant), '[]') AS definitions`;

/**
 * No lock of its own: runs after claim-partition in its transaction, which keeps writers away. Plan: primary keys, a prefix and
 * one descent per tenant.
 */
export const readTenants: Statement<[partition: number], TenantState> = {
  name: 'read-tenants',
  text: `
SELECT ${TENANT_STATE}
FROM partition_tenant t LEFT JOIN tenant_clock c USING (partition, tenant)
WHERE t.partition = $1 ORDER BY t.tenant`,
};
