import { InvalidInput, InvariantViolation, RetryableError } from '@perennial/values';
import { type FreshDatabase, freshDatabase, startStoreProxy, type StoreProxy } from '@perennial/testing';
import type { EntityManager } from 'typeorm';
import { entities, TenantTable } from '../schema/entities';
import { migrate } from '../schema/migrate';
import { type Database, openDatabase } from './database';

let fresh: FreshDatabase;
let proxy: StoreProxy;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase(migrate);
  proxy = await startStoreProxy(fresh.url);
});
beforeEach(() => {
  database = openDatabase({ url: proxy.url, queryTimeoutMs: 1_000, connectTimeoutMs: 1_000 });
});
afterEach(() => database.close());
afterAll(async () => {
  await proxy.close();
  await fresh.drop();
});

const ask = async (manager: EntityManager, text: string): Promise<unknown> =>
  Object.values((await manager.query<Record<string, unknown>[]>(text))[0] ?? {})[0];
const answer = (text: string): Promise<unknown> => database.cold.transaction((manager) => ask(manager, text));
const pid = (): Promise<unknown> => answer('SELECT pg_backend_pid()');

it.each(entities.map((entity) => [entity.options.name, entity] as const))(
  'the entity %s has the columns of its table',
  async (_, entity) => {
    await database.cold.table(entity, (rows) => rows.find({ take: 1 }));
  },
);

it('a transaction is all or nothing', async () => {
  const failed = database.cold.transaction(async (manager) => {
    await manager.query("INSERT INTO tenant VALUES ('half', now(), 'ann')");
    throw new InvalidInput('SPEC.NO', 'not like this');
  });
  await expect(failed).rejects.toThrow('not like this');
  expect(await database.cold.table(TenantTable, (rows) => rows.existsBy({ name: 'half' }))).toBe(false);
});

it('the connection of work that failed is not used again (1)', async () => {
  const before = await pid();
  expect(await pid()).toBe(before);
  await expect(answer('SELECT 1 / 0')).rejects.toThrow();
  expect(await pid()).not.toBe(before);
});

it('a statement that the server refuses is an invariant that does not hold; what it says has no parameters', async () => {
  const insert = (): Promise<unknown> =>
    database.cold.table(TenantTable, (rows) => rows.insert({ name: '', createdAt: 0, createdBy: 'geheim' }));
  await expect(insert()).rejects.toBeInstanceOf(InvariantViolation);
  await expect(insert()).rejects.toMatchObject({ code: 'STORE.REFUSED' });
  await expect(insert()).rejects.not.toThrow('geheim');
});

it('a wrong use of TypeORM is a defect, and nothing to wait for', async () => {
  const wrong = database.cold.table(TenantTable, (rows) => rows.findOneByOrFail({ name: 'nobody' }));
  await expect(wrong).rejects.toMatchObject({ name: 'InvariantViolation', code: 'STORE.DRIVER_FAILED' });
});

it('a call that hangs ends as retryable, and the next one works (2)', async () => {
  const asked = performance.now();
  await expect(answer('SELECT pg_sleep(30)')).rejects.toBeInstanceOf(RetryableError);
  expect(performance.now() - asked).toBeLessThan(5_000);
  expect(await answer('SELECT 1')).toBe(1);
});

it('locks of a transaction that was left open end with the time-out of idle ones (2)', async () => {
  expect(await answer('SHOW idle_in_transaction_session_timeout')).toBe('500ms');
});

it('changes are on disk before they are acknowledged, whatever the default (3)', async () => {
  const name = new URL(fresh.url).pathname.slice(1);
  await answer(`ALTER DATABASE ${name} SET synchronous_commit TO off`);
  const other = openDatabase({ url: fresh.url });
  expect(await other.cold.transaction((manager) => ask(manager, 'SHOW synchronous_commit'))).toBe('on');
  await other.close();
});

it('an opening that failed is tried again (4)', async () => {
  proxy.interrupt('freeze');
  await expect(answer('SELECT 1')).rejects.toBeInstanceOf(RetryableError);
  proxy.thaw();
  expect(await answer('SELECT 1')).toBe(1);
});
