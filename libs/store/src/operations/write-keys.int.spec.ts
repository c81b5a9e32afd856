import { InvalidInput, type TenantId } from '@perennial/values';
import { type FreshDatabase, freshDatabase } from '@perennial/testing';
import { Client } from 'pg';
import { type Database, openDatabase } from '../postgres/database';
import { migrate } from '../schema/migrate';
import { createTenants } from './tenants';
import { createWriteKeyFeed, createWriteKeys, hashWriteKey, MAX_KEYS_PER_TENANT, type WriteKeys } from './write-keys';

const [DEFAULT, SHOP, BOLT] = ['default', 'shop', 'bolt'] as [TenantId, TenantId, TenantId];
let fresh: FreshDatabase;
let database: Database;
let keys: WriteKeys;
beforeAll(async () => {
  fresh = await freshDatabase(migrate);
  database = openDatabase({ url: fresh.url });
  keys = createWriteKeys(database);
  for (const name of [SHOP, BOLT]) await createTenants(database).create(name, 'ann');
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

async function newKey(tenant: TenantId, label: string | null = null) {
  const made = await keys.create(tenant, label, 'ann');
  if (made.kind !== 'created') throw new Error(made.kind);
  return made;
}

describe('a write key', () => {
  it('is 256 random bits, shown once: only its hash is stored (1)', async () => {
    const { key, about } = await newKey(DEFAULT, 'web shop');
    expect(key).toMatch(/^pk_[\w-]{43}$/);
    expect((await newKey(DEFAULT)).key).not.toBe(key);
    expect(about).toEqual({
      id: expect.any(Number) as number,
      tenant: DEFAULT,
      label: 'web shop',
      createdAt: expect.any(Number) as number,
      createdBy: 'ann',
      revoked: null,
    });
    expect(await keys.list(DEFAULT)).toContainEqual(about);
    const [stored] = await database.query<{ row: string }>({
      name: 'spec-row',
      text: 'SELECT row_to_json(k)::text AS row FROM write_key k WHERE id = $1',
      values: [about.id],
    });
    expect(stored?.row).toContain(hashWriteKey(key).toString('hex'));
    expect(stored?.row).not.toContain(key.slice(3));
  });

  it('is revoked once, and who did it is kept (2)', async () => {
    const { about } = await newKey(SHOP);
    const revoked = await keys.revoke(about.id, 'bob');
    expect(revoked).toMatchObject({ kind: 'revoked', about: { id: about.id, revoked: { by: 'bob' } } });
    expect(await keys.revoke(about.id, 'cid')).toEqual({ kind: 'before', about: revoked?.about });
    expect(await keys.revoke(999_999, 'bob')).toBeNull();
  });

  it('belongs to a tenant that was created', async () => {
    expect(await keys.create('shpo' as TenantId, null, 'ann')).toEqual({ kind: 'no-tenant' });
  });

  it('is one of so many in force, also when several are created at once (3)', async () => {
    const most = Array.from({ length: MAX_KEYS_PER_TENANT + 5 }, () => keys.create(BOLT, null, 'ann'));
    const made = await Promise.all(most);
    expect(made.filter(({ kind }) => kind === 'created')).toHaveLength(MAX_KEYS_PER_TENANT);
    const [first] = await keys.list(BOLT);
    await keys.revoke(first?.id ?? 0, 'ann');
    await newKey(BOLT);
    expect(await keys.create(BOLT, null, 'ann')).toEqual({ kind: 'full' });
  });
});

/** Keys by hash, as text. */
const hashes = (all: Awaited<ReturnType<ReturnType<typeof createWriteKeyFeed>['next']>>) =>
  new Map(all?.map(({ hash, tenant }) => [Buffer.from(hash).toString('hex'), tenant]));
const hashOf = (key: string): string => hashWriteKey(key).toString('hex');

describe('the feed of write keys', () => {
  it('says all keys in force when one was created or revoked, else nothing', async () => {
    const feed = createWriteKeyFeed(database);
    const inForce = (await keys.list(null)).filter(({ revoked }) => revoked === null).length;
    expect(await feed.next()).toHaveLength(inForce);
    expect(await feed.next()).toBeNull();
    const { key, about } = await newKey(SHOP);
    expect(hashes(await feed.next()).get(hashOf(key))).toBe(SHOP);
    expect(await feed.next()).toBeNull();
    await keys.revoke(about.id, 'ann');
    const after = await feed.next();
    expect(after).toHaveLength(inForce);
    expect(hashes(after).has(hashOf(key))).toBe(false);
  });

  it('says so when a key is created while another is revoked', async () => {
    const feed = createWriteKeyFeed(database);
    const { about } = await newKey(SHOP);
    const before = await feed.next();
    const [{ key }] = await Promise.all([newKey(SHOP), keys.revoke(about.id, 'ann')]);
    const after = await feed.next();
    expect(after).toHaveLength(before?.length ?? 0);
    expect(hashes(after).has(hashOf(key))).toBe(true);
  });

  it('is empty, not silent, where there is no key', async () => {
    const other = await freshDatabase(migrate);
    const empty = openDatabase({ url: other.url });
    const feed = createWriteKeyFeed(empty);
    expect([await feed.next(), await feed.next()]).toEqual([[], null]);
    await empty.close();
    await other.drop();
  });

  it('says all keys again after it could not be asked', async () => {
    let away = false;
    const feed = createWriteKeyFeed({
      query: (bound) => (away ? Promise.reject(new Error('away')) : database.query(bound)),
    });
    const all = await feed.next();
    away = true;
    await expect(feed.next()).rejects.toThrow('away');
    away = false;
    expect(await feed.next()).toEqual(all);
  });

  it('needs SELECT on write_key and nothing else (docs/collector.md)', async () => {
    const role = `collector_${process.pid}`;
    const admin = new Client({ connectionString: fresh.url });
    await admin.connect();
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'only-for-this-test'; GRANT SELECT ON write_key TO ${role}`);
    const url = Object.assign(new URL(fresh.url), { username: role, password: 'only-for-this-test' });
    const limited = openDatabase({ url: url.href, connections: 1 });
    try {
      expect(await createWriteKeyFeed(limited).next()).toEqual(await createWriteKeyFeed(database).next());
      const { rows: tables } = await admin.query<{ name: string }>(
        "SELECT relname AS name FROM pg_stat_user_tables WHERE relname <> 'write_key'",
      );
      for (const { name } of tables) {
        const read = limited.query({ name: `spec-${name}`, text: `SELECT FROM ${name} LIMIT 1`, values: [] });
        await expect(read).rejects.toBeInstanceOf(InvalidInput);
      }
      const write = limited.query({ name: 'spec-write', text: 'UPDATE write_key SET revoked_by = NULL', values: [] });
      await expect(write).rejects.toThrow('permission denied');
    } finally {
      await limited.close();
      await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await admin.end();
    }
  });
});
