import type { TenantState } from '@perennial/engine';
import type { Statement } from '../statement';

/** No lock of its own: runs after claim-partition in its transaction, which keeps writers away. Plan: primary key, prefix. */
export const readTenants: Statement<[partition: number], { readonly state: TenantState }> = {
  name: 'read-tenants',
  text: 'SELECT state FROM partition_tenant WHERE partition = $1 ORDER BY tenant',
};
