import type { TenantId } from '@perennial/values';
import { describeTenant, listTenants } from './known-tenants';

const created = { at: Date.UTC(2026, 0, 2), by: 'ann@host' };
const shop = { name: 'shop' as TenantId, created, customers: 4_200, writeKeys: 2 };
const other = { name: 'a-longer-name' as TenantId, created: null, customers: 1, writeKeys: 0 };
const key = { tenant: shop.name, createdAt: 0, createdBy: 'ann', revoked: null };

it('lists tenants in columns', () => {
  expect(listTenants([shop, other])).toEqual([
    'shop           4,200 customers  2 write keys  created 2026-01-02T00:00:00.000Z by ann@host',
    'a-longer-name  1 customer       0 write keys  not created: known from the log',
  ]);
  expect(listTenants([])).toEqual([]);
});

it('shows a tenant with what it has', () => {
  const view = {
    ...shop,
    stages: { activation: 4_000, dormancy: 200 },
    definition: { name: 'retail', version: 3, published: 2 },
    time: { source: 'event' as const, bootstrap: true },
    keys: [
      { ...key, id: 1, label: null },
      { ...key, id: 2, label: 'web shop' },
      { ...key, id: 3, label: 'old', revoked: { at: 0, by: 'ann' } },
    ],
  };
  expect(describeTenant(view)).toEqual([
    'tenant      shop',
    'created     2026-01-02T00:00:00.000Z by ann@host',
    'definition  retail version 3 (2 published)',
    'time        event, in bootstrap',
    'customers   4,200  activation 4,000  dormancy 200',
    'write keys  1, 2 (web shop)',
  ]);
});

it('says which command to type for what a tenant has not', () => {
  const view = { ...other, stages: {}, definition: null, time: null, keys: [] };
  expect(describeTenant(view)).toEqual([
    'tenant      a-longer-name',
    'created     no: known from the log',
    'definition  none: perennial definition publish FILE --tenant a-longer-name --reason TEXT',
    'time        wall',
    'customers   1',
    'write keys  none in the database: perennial write-key create --tenant a-longer-name',
  ]);
});
