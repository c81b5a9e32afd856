import type { TenantId } from '@perennial/values';
import { type FreshDatabase, freshDatabase } from '@perennial/testing';
import { type Database, openDatabase } from '../postgres/database';
import { migrate } from '../schema/migrate';
import { createTenants, MAX_TENANTS, type Tenants } from './tenants';

const SHOP = 'shop' as TenantId;
let fresh: FreshDatabase;
let database: Database;
let tenants: Tenants;
beforeAll(async () => {
  fresh = await freshDatabase(migrate);
  database = openDatabase({ url: fresh.url });
  tenants = createTenants(database);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const names = async (): Promise<readonly string[]> => (await tenants.all()).map(({ name }) => name);

describe('tenants', () => {
  it('begin with the default one (1)', async () => {
    expect(await names()).toEqual(['default']);
    expect(await tenants.create('default' as TenantId, 'ann')).toBe('exists');
  });

  it('are created once, by whoever came first', async () => {
    const outcomes = await Promise.all(['ann', 'bob', 'cid'].map((by) => tenants.create(SHOP, by)));
    expect(outcomes.toSorted()).toEqual(['created', 'exists', 'exists']);
    const [, shop] = await tenants.all();
    expect(shop).toEqual({
      name: SHOP,
      createdAt: expect.any(Number) as number,
      createdBy: expect.any(String) as string,
    });
    expect(Math.abs((shop?.createdAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('are never more than they may be, also when several are created at once (2)', async () => {
    const text = `INSERT INTO tenant SELECT 'many-' || n, now(), 'ann' FROM generate_series(1, ${MAX_TENANTS - 4}) AS n`;
    await database.query({ name: 'many', text, values: [] });
    const four = ['a', 'b', 'c', 'd'].map((name) => tenants.create(name as TenantId, 'ann'));
    expect((await Promise.all(four)).toSorted()).toEqual(['created', 'created', 'full', 'full']);
    expect(await names()).toHaveLength(MAX_TENANTS);
    expect(await tenants.create(SHOP, 'ann')).toBe('exists');
  });
});
