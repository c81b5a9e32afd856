import type { TenantId } from '@perennial/values';
import type { Connection } from '../connection';
import { findTenant, knownTenants } from './known-tenants';

const [DEFAULT, SHOP, BOLT] = ['default', 'shop', 'bolt'] as [TenantId, TenantId, TenantId];
const state = (tenant: TenantId) => ({ state: { tenant } });
const key = (id: number, tenant: TenantId, revoked: object | null = null) => ({ id, tenant, revoked });

/** `default` was created and is in the log, `shop` was created only, `bolt` is in the log only. */
const connection = {
  tenants: {
    all: () => Promise.resolve([DEFAULT, SHOP].map((name) => ({ name, createdAt: 5, createdBy: 'ann' }))),
  },
  reports: {
    tenants: () => Promise.resolve([state(DEFAULT), state(BOLT), state(DEFAULT), state(BOLT)]),
    customersByTenant: () => Promise.resolve(new Map([[BOLT, 7]])),
  },
  writeKeys: {
    list: () => Promise.resolve([key(1, SHOP), key(2, SHOP, { at: 6, by: 'bob' }), key(3, DEFAULT)]),
  },
} as unknown as Pick<Connection, 'tenants' | 'reports' | 'writeKeys'>;

const created = { at: 5, by: 'ann' };

it('tenants are those that were created and those that the log has named, each once', async () => {
  expect(await knownTenants(connection)).toEqual([
    { name: BOLT, created: null, customers: 7, writeKeys: 0 },
    { name: DEFAULT, created, customers: 0, writeKeys: 1 },
    { name: SHOP, created, customers: 0, writeKeys: 1 },
  ]);
});

it('one that is not there is refused with the name that was perhaps meant', async () => {
  expect(await findTenant(connection, BOLT)).toMatchObject({ name: BOLT });
  const refused = findTenant(connection, 'shpo' as TenantId);
  await expect(refused).rejects.toMatchObject({ name: 'InvalidInput', code: 'CLI.NO_TENANT' });
  await expect(refused).rejects.toThrow(
    'There is no tenant shpo. Did you mean shop? `perennial tenant list` shows all;',
  );
  await expect(findTenant(connection, 'quite-another' as TenantId)).rejects.not.toThrow('Did you mean');
});
