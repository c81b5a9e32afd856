import { aCommit, type FreshDatabase, freshDatabase } from '@perennial/testing';
import type { Database } from '../postgres/database';
import { type Databases, openDatabases } from '../postgres/databases';
import { migrate } from '../schema/migrate';
import { migrationNames } from '../schema/migrations/all';
import { createEngineStore } from '../session/engine-store';
import { createInspection } from './inspection';
import { createSkips } from './skips';

let fresh: FreshDatabase;
let databases: Databases;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase(migrate);
  databases = openDatabases([{ first: 0, last: 999, url: fresh.url }], {});
  ({ database } = databases.first);
});
afterAll(async () => {
  await databases.close();
  await fresh.drop();
});

const store = () => createEngineStore(database, { random: () => 0.5 });
const by = 'ann@host';

describe('a skip', () => {
  it('moves the progress, says who and why, and fences the owner (1, 2)', async () => {
    const session = await store().claim(0, 'engine-1');
    await session.commit(aCommit(session.claim, { nextOffset: 10 }));
    const skip = { partition: 0, from: 10, to: 15, by, reason: 'a batch of an unknown codec' };
    expect(await createSkips(databases).skip(skip)).toBe('skipped');
    expect(await createSkips(databases).all()).toEqual([{ ...skip, at: expect.any(Number) as number }]);
    expect(await session.commit(aCommit({ nextOffset: 15 }, { nextOffset: 16 }))).toBe('fenced');
    const { claim } = await store().claim(0, 'engine-2');
    expect(claim).toMatchObject({ nextOffset: 15, epoch: session.claim.epoch + 2 });
  });

  it.each([
    ['from elsewhere', { from: 9, to: 15 }],
    ['back', { from: 10, to: 9 }],
    ['nowhere', { from: 10, to: 10 }],
  ])('%s does and records nothing', async (_, { from, to }) => {
    const partition = 100 + to + from;
    const session = await store().claim(partition, 'engine-1');
    await session.commit(aCommit(session.claim, { nextOffset: 10 }));
    expect(await createSkips(databases).skip({ partition, from, to, by, reason: 'why not' })).toBe('elsewhere');
    expect((await createSkips(databases).all()).filter((one) => one.partition === partition)).toEqual([]);
    expect(await session.renew()).toBe('held');
  });
});

it('a skip that cannot be recorded moves nothing (1)', async () => {
  const session = await store().claim(60, 'engine-1');
  await session.commit(aCommit(session.claim, { nextOffset: 10 }));
  await expect(createSkips(databases).skip({ partition: 60, from: 10, to: 15, by, reason: '' })).rejects.toThrow();
  expect(await session.renew()).toBe('held');
  expect((await createInspection(databases).claims()).find(({ partition }) => partition === 60)?.nextOffset).toBe(10);
});

describe('an inspection', () => {
  it('names claims, and what is in the outbox', async () => {
    const session = await store().claim(50, 'engine-9');
    await session.commit(
      aCommit(session.claim, { nextOffset: 3, outbox: { firstOffset: 0, bytes: Uint8Array.of(1) } }),
    );
    await session.release(null, 'may-publish');
    const claims = await createInspection(databases).claims();
    expect(claims.find(({ partition }) => partition === 50)).toMatchObject({
      owner: 'engine-9',
      nextOffset: 3,
      released: true,
      blobs: 1,
    });
  });

  it('compares the schema with the release', async () => {
    expect(await createInspection(databases).databases[0]?.schema()).toEqual({ missing: [], unknown: [] });
    await database.query({
      name: 'drop',
      text: 'DELETE FROM schema_migration WHERE name = $1',
      values: [migrationNames[5]],
    });
    await database.query({
      name: 'add',
      text: "INSERT INTO schema_migration (timestamp, name) VALUES (99, 'SplitCustomers0000000000099')",
      values: [],
    });
    expect(await createInspection(databases).databases[0]?.schema()).toEqual({
      missing: [migrationNames[5]],
      unknown: ['SplitCustomers0000000000099'],
    });
  });
});
