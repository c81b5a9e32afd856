/** Numbers are those of preparation.ts. */
import { RetryableError } from '@perennial/values';
import { type Databases, openDatabases } from '@perennial/store';
import { emptyDatabase, type FreshDatabase, fakeStore, startStoreProxy, type StoreProxy } from '@perennial/testing';
import { Preparation } from './preparation';

const log = { topic: 'perennial.activity.v1', partitions: 4, cluster: 'abc' };
const opened: Databases[] = [];
const proxies: StoreProxy[] = [];
let one: FreshDatabase;
let two: FreshDatabase;

beforeEach(async () => {
  [one, two] = await Promise.all([emptyDatabase(), emptyDatabase()]);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((databases) => databases.close()));
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
  await Promise.all([one.drop(), two.drop()]);
});

function preparationOf(first: string, second: string) {
  const groups = [
    { first: 0, last: 1, url: first },
    { first: 2, last: 3, url: second },
  ];
  const databases = openDatabases(groups, {});
  opened.push(databases);
  const preparation = new Preparation(databases, undefined);
  const [lower, upper] = databases.groups.map((group) => preparation.guard(group, fakeStore()));
  if (lower === undefined || upper === undefined) throw new Error('There are two groups.');
  return { preparation, lower, upper };
}

async function prepare(first: string, second: string) {
  const prepared = preparationOf(first, second);
  await prepared.preparation.migrate();
  await prepared.preparation.check(log);
  return prepared;
}

const awayFrom = ({ url }: FreshDatabase): string => Object.assign(new URL(url), { port: '1' }).href;

it('makes both databases ready from empty, and again', async () => {
  for (let start = 1; start <= 2; start++) {
    const { lower, upper } = await prepare(one.url, two.url);
    expect((await lower.claim(1, 'a')).claim.epoch).toBe(1);
    expect((await upper.claim(2, 'a')).claim.epoch).toBe(1);
  }
});

it('goes on when one is away, of which nothing is claimed (1, 2)', async () => {
  const { lower, upper } = await prepare(one.url, awayFrom(two));
  expect((await lower.claim(0, 'a')).claim.epoch).toBe(1);
  await expect(upper.claim(2, 'a')).rejects.toBeInstanceOf(RetryableError);
});

it('waits while none answers', async () => {
  const { preparation } = preparationOf(awayFrom(one), awayFrom(two));
  await expect(preparation.migrate()).rejects.toBeInstanceOf(RetryableError);
});

it('ends the start when one that answers holds other partitions (3)', async () => {
  await prepare(one.url, two.url);
  await expect(prepare(two.url, one.url)).rejects.toMatchObject({ code: 'STORE.GROUP_CHANGED' });
  await expect(prepare(awayFrom(one), one.url)).rejects.toMatchObject({ code: 'STORE.GROUP_CHANGED' });
});

it('claims nothing of a database that turns out later to hold other partitions (3)', async () => {
  await prepare(one.url, two.url);
  const proxy = await startStoreProxy(one.url);
  proxies.push(proxy);
  proxy.interrupt('freeze');
  const { upper } = await prepare(one.url, proxy.url);
  proxy.thaw();
  await expect(upper.claim(2, 'a')).rejects.toMatchObject({ code: 'STORE.GROUP_CHANGED' });
}, 60_000);
