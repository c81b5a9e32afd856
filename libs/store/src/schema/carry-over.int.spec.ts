/**
 * Migration 9 carries over what was in one row of JSON for each tenant, migration 10 counts who is in which version, migration 12
 * says what imports of before were.
 */
import type { TenantId } from '@perennial/values';
import { aDefinition, emptyDatabase, type FreshDatabase } from '@perennial/testing';
import { Client } from 'pg';
import { createImports } from '../operations/imports';
import { createReports } from '../operations/reports';
import { type Databases, openDatabases } from '../postgres/databases';
import { createEngineStore } from '../session/engine-store';
import { migrate } from './migrate';

const EARLIER = `
DROP TABLE tenant_definition, tenant_clock, partition_clock, partition_command, signed_number, partition_tenant;
CREATE TABLE partition_tenant (
  partition integer NOT NULL, tenant text COLLATE "C" NOT NULL, state json NOT NULL, PRIMARY KEY (partition, tenant)
);
DELETE FROM schema_migration WHERE name LIKE 'KeepClocksApartFromDefinitions%' OR name LIKE 'SayWhoPublished%';
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
    { ...shop, definitions: definitions.map((source) => aDefinition(source)) },
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

it('customers of before are counted in the only version that their partition has', async () => {
  await migrate(empty.url);
  const client = new Client({ connectionString: empty.url });
  await client.connect();
  await client.query(`
    ALTER TABLE tenant_definition DROP COLUMN author, DROP COLUMN reason, DROP COLUMN published_at;
    DELETE FROM schema_migration WHERE name LIKE 'SayWhoPublished%'`);
  const definitions = [
    [0, 'seven', 0, '# \u0000\nname: x\nversion: 7\n'],
    [1, 'seven', 0, '{ "name": "x", "version": 7 }'],
    [0, 'both', 0, 'version: 1'],
    [0, 'both', 1, 'version: 2'],
    [0, 'none', 0, 'version: 3'],
  ] as const;
  for (const [partition, tenant, place, source] of definitions)
    await client.query('INSERT INTO tenant_definition (partition, tenant, place, source) VALUES ($1, $2, $3, $4)', [
      partition,
      tenant,
      place,
      JSON.stringify(source),
    ]);
  await client.query(`
    INSERT INTO partition_total (partition, tenant, name, value) VALUES
      (0, 'seven', 'stage:onboarding', 3), (0, 'seven', 'stage:in-life', 4), (0, 'seven', 'activities', 99),
      (1, 'seven', 'stage:in-life', 5), (0, 'both', 'stage:in-life', 6)`);
  await client.end();
  await migrate(empty.url);
  const reports = createReports(databases);
  const tenants = ['seven', 'both', 'none'] as TenantId[];
  const counted = await Promise.all(tenants.map((tenant) => reports.customersByVersion(tenant)));
  expect(counted).toEqual([new Map([[7, 12]]), new Map(), new Map()]);
});

it('an import of before is that of the sample, and goes on or stays done', async () => {
  await migrate(empty.url);
  const client = new Client({ connectionString: empty.url });
  await client.connect();
  await client.query(`
    ALTER TABLE import_progress DROP COLUMN tenant, DROP COLUMN input, DROP COLUMN fingerprint, DROP COLUMN ending,
      DROP COLUMN newest_at, DROP COLUMN started_by, DROP COLUMN started_at;
    DELETE FROM schema_migration WHERE name LIKE 'SayWhatAnImportDoes%';
    INSERT INTO import_progress (name, total, acknowledged, phase, revision, updated_at) VALUES
      ('online-retail', 22094, 22094, 'done', 14, now()), ('half-way', 22094, 4000, 'activities', 3, now())`);
  await client.end();
  await migrate(empty.url);
  const imports = createImports(databases.first.database);
  const before = {
    ending: 'held',
    fingerprint: null,
    newest: null,
    startedAt: null,
    startedBy: null,
    tenant: 'default',
    total: 22_094,
  };
  expect(await imports.find('online-retail')).toMatchObject({ ...before, acknowledged: 22_094, phase: 'done' });
  const halfWay = { ...before, name: 'half-way', acknowledged: 4_000, phase: 'activities' };
  expect(await imports.unfinished('default' as TenantId)).toMatchObject([halfWay]);
});
