import type { TenantId } from '@perennial/values';
import type { EngineCommit, EngineStore, EngineSession } from '@perennial/engine';
import type { ImportStatus, ImportStatuses } from '@perennial/importer';
import {
  ACME,
  aCommit,
  aDeadline,
  aDefinition,
  aState,
  aTenant,
  BOLT,
  describeImportStatuses,
  type FreshDatabase,
  freshDatabase,
} from '@perennial/testing';
import { type Database, openDatabase } from '../postgres/database';
import { type Databases, openDatabases } from '../postgres/databases';
import { checkLayout } from '../schema/layout';
import { migrate } from '../schema/migrate';
import { createEngineStore } from '../session/engine-store';
import { createImports } from './imports';
import { createPublishedDefinitions } from './published-definitions';
import { createReports } from './reports';

let fresh: FreshDatabase;
let databases: Databases;
let database: Database;
let store: EngineStore;
let sessions: readonly EngineSession[];
beforeAll(async () => {
  fresh = await freshDatabase(migrate);
  databases = openDatabases([{ first: 0, last: 3, url: fresh.url }], {});
  ({ database } = databases.first);
  store = createEngineStore(database, { random: () => 0.5 });
  sessions = await commitTwoPartitions();
});
afterAll(async () => {
  await databases.close();
  await fresh.drop();
});

const CORK = 'cork' as TenantId;
const totals = (all: Record<string, number>, tenant: TenantId = ACME): EngineCommit['totals'] =>
  Object.entries(all).map(([name, delta]) => ({ tenant, name, delta }));

async function commitTwoPartitions(): Promise<readonly EngineSession[]> {
  const zero = await store.claim(0, 'engine-1');
  const one = await store.claim(1, 'engine-2');
  await zero.commit(
    aCommit(zero.claim, {
      nextOffset: 4,
      states: [
        aState('acme:a', { label: 'in-life', version: 3, packed: Uint8Array.of(7) }),
        aState('acme:b'),
        aState('bolt:a'),
      ],
      deadlines: [aDeadline('acme:a', 100), aDeadline('bolt:a', 1)],
      tenants: [aTenant(ACME, { newestAt: 8 })],
      totals: [
        ...totals({
          activities: 3,
          'stage:onboarding': 1,
          'stage:in-life': 1,
          'stage:dormancy': 0,
          'move:stage:onboarding>in-life': 1,
        }),
        ...totals({ 'move:adkar:aware>able': 9, 'fact:lifecycle.customer.stage-changed.v1': 3 }),
        ...totals({ activities: 1, 'stage:onboarding': 1 }, BOLT),
      ],
    }),
  );
  await one.commit(
    aCommit(one.claim, {
      states: [aState('acme:c')],
      deadlines: [aDeadline('acme:c', 101)],
      tenants: [aTenant(ACME), aTenant(BOLT)],
      totals: totals({
        activities: 1,
        'stage:onboarding': 1,
        'dead-letters': 2,
        'fact:lifecycle.customer.stage-changed.v1': 1,
      }),
    }),
  );
  return [zero, one];
}

describe('reports', () => {
  it('sum a tenant up over all partitions, from the totals', async () => {
    expect(await createReports(databases).summary(ACME)).toEqual({
      activities: 4,
      customers: 3,
      stages: { 'in-life': 1, onboarding: 2 },
      moves: { 'onboarding>in-life': 1 },
      deadLetters: 2,
      outcomes: {},
      facts: { 'lifecycle.customer.stage-changed.v1': 4 },
    });
  });

  it('know nothing of a tenant that has nothing', async () => {
    const nothing = { activities: 0, customers: 0, stages: {}, moves: {}, deadLetters: 0, outcomes: {}, facts: {} };
    expect(await createReports(databases).summary('ac' as TenantId)).toEqual(nothing);
    expect(await createReports(databases).countStates('ac' as TenantId)).toEqual({});
  });

  it('count the stages of a tenant row by row as the totals do, once the partitions rest', async () => {
    for (const session of sessions) await session.flush(null);
    expect(await createReports(databases).countStates(ACME)).toEqual({ 'in-life': 1, onboarding: 2 });
    expect(await createReports(databases).countStates(BOLT)).toEqual({ onboarding: 1 });
  });

  it('find a customer in whichever partition it is, before its row is written and after', async () => {
    await customersAreFound();
    for (const session of sessions) await session.flush(null);
    await customersAreFound();
  });

  async function customersAreFound(): Promise<void> {
    const reports = createReports(databases);
    const found = await reports.customer('acme:a');
    expect({ ...found, packed: [...(found?.packed ?? [])] }).toEqual({
      partition: 0,
      packed: [7],
      stage: 'in-life',
      version: 3,
      due: 100,
    });
    expect(await reports.customer('acme:b')).toMatchObject({ partition: 0, due: null });
    expect(await reports.customer('acme:c')).toMatchObject({ partition: 1, due: 101 });
    expect(await reports.customer('acme:nobody')).toBeNull();
  }

  it('list tenants and progress by partition', async () => {
    const reports = createReports(databases);
    expect(await reports.tenants()).toEqual([
      { partition: 0, state: aTenant(ACME, { newestAt: 8 }), clockAt: null },
      { partition: 1, state: aTenant(ACME), clockAt: null },
      { partition: 1, state: aTenant(BOLT), clockAt: null },
    ]);
    expect(await reports.progress()).toEqual([
      { partition: 0, epoch: 1, nextOffset: 4, owner: 'engine-1', unpublished: 0, oldestUnpublished: null },
      { partition: 1, epoch: 1, nextOffset: 1, owner: 'engine-2', unpublished: 0, oldestUnpublished: null },
    ]);
  });

  it('count what is due up to an instant, inclusive', async () => {
    const reports = createReports(databases);
    expect(await Promise.all([99, 100, 101].map((through) => reports.dueCount(ACME, through)))).toEqual([0, 1, 2]);
  });

  it('are mirrored by a view for SQL, which says how fresh its rows are', async () => {
    const freshness = { name: 'spec-fresh', text: 'SELECT * FROM partition_freshness WHERE partition = 5', values: [] };
    const session = await store.claim(5, 'engine-1');
    await session.commit(aCommit({ nextOffset: 0 }, { nextOffset: 9 }));
    await session.commit(aCommit({ nextOffset: 9 }, { nextOffset: 12, states: [aState('acme:z')] }));
    expect(await database.query(freshness)).toEqual([{ partition: 5, next_offset: 12, fresh_through: 9 }]);
    await session.flush(null);
    expect(await database.query(freshness)).toEqual([{ partition: 5, next_offset: 12, fresh_through: 12 }]);
    const text =
      'SELECT tenant, customer, stage, partition, version, fresh_through FROM customer ORDER BY tenant, customer LIMIT 1';
    const rows = await database.query({ name: 'spec-view', text, values: [] });
    expect(rows).toEqual([
      { tenant: 'acme', customer: 'a', stage: 'in-life', partition: 0, version: 3, fresh_through: 4 },
    ]);
  });

  it('count the customers in each version of a definition, over all partitions', async () => {
    const session = await store.claim(3, 'engine-3');
    const version = (n: number, by: number): EngineCommit['totals'] => totals({ [`definition:${n}`]: by }, CORK);
    await session.commit(aCommit(session.claim, { totals: [...version(1, 2), ...version(2, 1), ...version(10, 0)] }));
    const other = await store.claim(2, 'engine-3');
    await other.commit(aCommit(other.claim, { totals: version(1, 5) }));
    const reports = createReports(databases);
    expect(await reports.customersByVersion(CORK)).toEqual(new Map([[1, 7], [2, 1]])); // prettier-ignore
    expect(await reports.summary(CORK)).toMatchObject({ customers: 0, outcomes: {} });
  });
});

describeImportStatuses(() => createImports(database));

describe('published definitions', () => {
  it('are those that each partition has, of one tenant or of all', async () => {
    const first = aDefinition('name: "\u0000 {é}"\n', {
      author: 'Zoë',
      reason: 'a\nb',
      publishedAt: 1_764_000_000_000,
    });
    const second = aDefinition('second');
    for (const [partition, definitions] of [
      [2, [first]],
      [3, [first, second]],
    ] as const) {
      // prettier-ignore
      const session = await store.claim(partition, 'engine-3');
      await session.commit(aCommit(session.claim, { tenants: [aTenant(CORK, { definitions })] }));
    }
    const published = createPublishedDefinitions(databases);
    const expected = [
      { partition: 2, tenant: CORK, place: 0, ...first },
      { partition: 3, tenant: CORK, place: 0, ...first },
      { partition: 3, tenant: CORK, place: 1, ...second },
    ];
    const answers = await Promise.all([CORK, null, BOLT].map((tenant) => published.of(tenant)));
    expect(answers).toEqual([expected, expected, []]);
  });
});

it('imports lose no update of two processes that take turns', async () => {
  const other = openDatabase({ url: fresh.url });
  const begun: ImportStatus = {
    ...{
      tenant: CORK,
      input: 'orders.csv',
      fingerprint: 'a1',
      ending: 'wall',
      newest: null,
      total: 40,
      acknowledged: 0,
    },
    ...{ phase: 'activities', startedBy: 'ada', startedAt: 0 },
  };
  const both = [createImports(database), createImports(other)];
  const one = (imports: ImportStatuses): Promise<ImportStatus> =>
    imports.update('turns', (current) => ({ ...begun, acknowledged: (current?.acknowledged ?? 0) + 1 }));
  for (let n = 0; n < 20; n++) await Promise.all(both.map(one));
  expect(await createImports(other).find('turns')).toMatchObject({ acknowledged: 40 });
  await other.close();
});

describe('checkLayout', () => {
  const layout = { topic: 'perennial.activity.v1', partitions: 4, cluster: 'abc', first: 0, last: 1 };

  it('remembers the first layout and accepts it again', async () => {
    await Promise.all([checkLayout(database, layout), checkLayout(database, layout)]);
    await checkLayout(database, layout);
  });

  it.each([
    [{ ...layout, topic: 'other' }, 'topic other'],
    [{ ...layout, partitions: 8 }, '8 partitions'],
    [{ ...layout, cluster: 'xyz' }, 'cluster xyz'],
  ])('refuses %p', async (changed, named) => {
    await checkLayout(database, layout);
    const refused = checkLayout(database, changed);
    await expect(refused).rejects.toMatchObject({ code: 'STORE.LAYOUT_CHANGED', name: 'InvalidInput' });
    await expect(refused).rejects.toThrow(named);
  });

  it('refuses other partitions than the database holds', async () => {
    await checkLayout(database, layout);
    const refused = checkLayout(database, { ...layout, last: 3 });
    await expect(refused).rejects.toMatchObject({ code: 'STORE.GROUP_CHANGED', name: 'InvalidInput' });
    await expect(refused).rejects.toThrow(
      'The database holds partitions 0 to 1, but was given 0 to 3. Set DATABASE_URLS',
    );
  });
});
