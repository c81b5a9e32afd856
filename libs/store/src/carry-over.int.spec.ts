/** Migration 9 carries over what was in one row of JSON for each tenant. */
import type { TenantId } from '@perennial/contracts';
import { emptyDatabase, type FreshDatabase } from '@perennial/testing';
import { Client } from 'pg';
import { type Databases, openDatabases } from './databases';
import { createEngineStore } from './engine-store';
import { migrate } from './migrate';
import { createReports } from './reports';

const EARLIER = `
DROP TABLE tenant_definition, tenant_clock, partition_clock, partition_command, signed_number, partition_tenant;
CREATE TABLE partition_tenant (
  partition integer NOT NULL, tenant text COLLATE "C" NOT NULL, state json NOT NULL, PRIMARY KEY (partition, tenant)
);
DELETE FROM schema_migration WHERE name LIKE 'KeepClocksApartFromDefinitions%';
`;

let empty: FreshDatabase;
let databases: Databases;
beforeAll(async () => {
  empty = await emptyDatabase();
  databases = openDatabases([{ first: 0, last: 3, url: empty.url }], {});
});
afterAll(async () => {
  await databases.close();
  await empty.drop();
});

/** The schema of the release before, with these tenants in partition 2. */
async function earlier(states: readonly (Record<string, unknown> & { readonly tenant: string })[]): Promise<void> {
  await migrate(empty.url);
  const client = new Client({ connectionString: empty.url });
  await client.connect();
  await client.query(EARLIER);
  for (const state of states)
    await client.query('INSERT INTO partition_tenant (partition, tenant, state) VALUES (2, $1, $2)', [
      state.tenant,
      JSON.stringify(state),
    ]);
  await client.end();
}

it('settings, definitions in their order and times are those of before', async () => {
  const offset = { kind: 'offset', base: 10, from: 20, speed: 1 } as const;
  const shop = {
    tenant: 'shop' as TenantId,
    source: offset,
    bootstrap: { kind: 'customers', customers: ['a'] },
    newestAt: 70,
  };
  const live = { tenant: 'live' as TenantId, source: { kind: 'wall' }, bootstrap: { kind: 'off' }, newestAt: null };
  const definitions = ['name: "\\u0000 {é}"\n', 'second'];
  await earlier([
    { ...shop, definitions, clockAt: 90 },
    { ...live, definitions: [], clockAt: 1_000 },
  ]);
  await migrate(empty.url);
  const expected = [
    { ...live, definitions: [] },
    { ...shop, definitions },
  ];
  const tenants = await createReports(databases).tenants();
  expect(tenants).toEqual(
    expected.map((state) => ({ partition: 2, state, clockAt: state.newestAt === null ? null : 90 })),
  );
  const { claim } = await createEngineStore(databases.of(2), { random: () => 0.5 }).claim(2, 'a');
  expect(claim.tenants).toEqual(expected);
  expect(claim.numbers).toEqual({
    clocks: [{ processor: 'importer', tenant: 'shop', epoch: 0, counter: 0, at: 90 }],
    commands: [],
  });
});
