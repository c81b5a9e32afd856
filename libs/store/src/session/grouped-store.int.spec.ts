import type { TenantId } from '@perennial/values';
import {
  ACME,
  aCommit,
  aDeadline,
  aState,
  aTenant,
  BOLT,
  describeEngineStore,
  type FreshDatabase,
  freshDatabase,
} from '@perennial/testing';
import { createInspection } from '../operations/inspection';
import { createReports } from '../operations/reports';
import { createSkips } from '../operations/skips';
import { type Databases, openDatabases } from '../postgres/databases';
import { bind, type Statement } from '../postgres/statement';
import { migrate } from '../schema/migrate';
import { createEngineStore, createGroupedStore } from './engine-store';

/** The contract goes as far. */
const LAST = 1_999_999;

const storeOf = (databases: Databases) =>
  createGroupedStore(databases, ({ database }) => createEngineStore(database, { random: () => 0.5, attempts: 1 }));

async function openTwo(first: number) {
  const [one, two] = await Promise.all([freshDatabase(migrate), freshDatabase(migrate)]);
  const groups = [
    { first: 0, last: first - 1, url: one.url },
    { first, last: LAST, url: two.url },
  ];
  return { one, two, databases: openDatabases(groups, {}) };
}

const stateOf: Statement<[number, string], { label: string; version: number }> = {
  name: 'spec-state',
  text: 'SELECT stage AS label, version FROM customer_state WHERE partition = $1 AND key = $2',
};
const totalOf: Statement<[number, TenantId, string], { value: number }> = {
  name: 'spec-total',
  text: 'SELECT value FROM partition_total WHERE partition = $1 AND tenant = $2 AND name = $3',
};

describeEngineStore('PostgreSQL by partition group', async () => {
  const { one, two, databases } = await openTwo(6);
  const store = storeOf(databases);
  return {
    store,
    row: async (partition, key) => (await databases.of(partition).query(bind(stateOf, partition, key)))[0] ?? null,
    total: async (partition, ...names) =>
      (await databases.of(partition).query(bind(totalOf, partition, ...names)))[0]?.value ?? 0,
    close: async () => {
      await databases.close();
      await Promise.all([one.drop(), two.drop()]);
    },
  };
});

describe('an installation on two databases', () => {
  let one: FreshDatabase;
  let two: FreshDatabase;
  let databases: Databases;

  beforeAll(async () => {
    ({ one, two, databases } = await openTwo(2));
    const store = storeOf(databases);
    for (const partition of [3, 1]) {
      const session = await store.claim(partition, `engine-${partition}`);
      const key = `acme:of-${partition}`;
      const totals = [
        { tenant: ACME, name: 'activities', delta: 10 + partition },
        { tenant: ACME, name: `stage:s${partition}`, delta: 1 },
        { tenant: ACME, name: 'stage:all', delta: 1 },
      ];
      await session.commit(
        aCommit(session.claim, {
          nextOffset: 5,
          states: [aState(key, { label: 'all' })],
          deadlines: [aDeadline(key, partition), aDeadline(`bolt:of-${partition}`, 9)],
          tenants: [aTenant(ACME)],
          totals,
        }),
      );
      await session.flush(null);
    }
  });
  afterAll(async () => {
    await databases.close();
    await Promise.all([one.drop(), two.drop()]);
  });

  it('is summed and searched over both', async () => {
    const reports = createReports(databases);
    expect(await reports.summary(ACME)).toMatchObject({
      activities: 24,
      customers: 4,
      stages: { all: 2, s1: 1, s3: 1 },
    });
    expect(await reports.countStates(ACME)).toEqual({ all: 2 });
    expect(await reports.customer('acme:of-3')).toMatchObject({ partition: 3, stage: 'all', due: 3 });
    expect(await reports.customer('acme:of-5')).toBeNull();
    expect(await reports.dueCount(ACME, 1)).toBe(1);
    expect(await reports.dueCount(ACME, 3)).toBe(2);
  });

  it('is listed in order of partitions', async () => {
    const reports = createReports(databases);
    expect((await reports.progress()).map(({ partition, owner }) => [partition, owner])).toEqual([
      [1, 'engine-1'],
      [3, 'engine-3'],
    ]);
    expect((await reports.tenants()).map(({ partition }) => partition)).toEqual([1, 3]);
    expect((await createInspection(databases).claims()).map(({ partition }) => partition)).toEqual([1, 3]);
  });

  it('is asked where a partition is', async () => {
    const inspection = createInspection(databases);
    expect(await inspection.earliest(3, [ACME, BOLT], [])).toEqual(
      new Map([
        [ACME, 3],
        [BOLT, 9],
      ]),
    );
    const skips = createSkips(databases);
    for (const partition of [3, 1]) {
      const skip = { partition, from: 5, to: 6, by: 'ann@host', reason: 'a batch of an unknown codec' };
      expect(await skips.skip(skip)).toBe('skipped');
    }
    expect((await skips.all()).map(({ partition }) => partition)).toEqual([3, 1]);
  });

  it('while one is away claims in the other go on, and a report does not leave out what it cannot see', async () => {
    const { href } = Object.assign(new URL(one.url), { port: '1' });
    const half = openDatabases(
      [
        { first: 0, last: 1, url: href },
        { first: 2, last: 3, url: two.url },
      ],
      {},
    );
    await expect(createReports(half).customer('acme:of-3')).rejects.toMatchObject({ code: 'STORE.UNREACHABLE' });
    await expect(createReports(half).summary(ACME)).rejects.toMatchObject({ code: 'STORE.UNREACHABLE' });
    await expect(storeOf(half).claim(0, 'a')).rejects.toMatchObject({ code: 'STORE.UNREACHABLE' });
    expect((await storeOf(half).claim(2, 'a')).claim.epoch).toBe(1);
    await half.close();
  });

  it('refuses a partition that no database holds', async () => {
    await expect(storeOf(databases).claim(LAST + 1, 'a')).rejects.toMatchObject({ code: 'STORE.NO_HOLDER' });
  });
});
