/** What commit.ts and postgres/database.ts promise when the network, the server or another owner gets in the way. Numbers are theirs. */
import { RetryableError } from '@perennial/values';
import type { EngineCommit, EngineStore } from '@perennial/engine';
import {
  ACME,
  aCommit,
  aState,
  type FreshDatabase,
  freshDatabase,
  startStoreProxy,
  type StoreProxy,
} from '@perennial/testing';
import { Client } from 'pg';
import { type Database, openDatabase } from '../postgres/database';
import { migrate } from '../schema/migrate';
import { createEngineStore } from './engine-store';

const TIMEOUT = 600;
/** The statement, and the server's answer to it; not `READ COMMITTED`. */
const COMMIT = 'COMMIT\0';
let fresh: FreshDatabase;
let proxy: StoreProxy;
let admin: Client;
let partition = 0;
const opened: Database[] = [];

beforeAll(async () => {
  fresh = await freshDatabase(migrate);
  proxy = await startStoreProxy(fresh.url);
  admin = new Client({ connectionString: fresh.url });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await fresh.drop();
  await proxy.close();
});
beforeEach(() => {
  partition += 1;
});
afterEach(async () => {
  proxy.thaw();
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

function open(url: string, queryTimeoutMs = TIMEOUT, attempts = 3): EngineStore {
  const database = openDatabase({ url, queryTimeoutMs, connectTimeoutMs: TIMEOUT });
  opened.push(database);
  return createEngineStore(database, { random: () => 0.5, firstWaitMs: 20, attempts });
}

const activities = [{ tenant: ACME, name: 'activities', delta: 1 }];
const aBatch = (): EngineCommit =>
  aCommit({ nextOffset: 0 }, { totals: activities, outbox: { firstOffset: 0, bytes: Uint8Array.of(1) } });

async function stored(): Promise<{ nextOffset: number; activities: number; blobs: number }> {
  const text = `
SELECT next_offset::int AS "nextOffset", (SELECT coalesce(sum(value), 0)::int FROM partition_total t WHERE t.partition = $1) AS activities,
  (SELECT count(*)::int FROM outbox o WHERE o.partition = $1) AS blobs
FROM partition_progress WHERE partition = $1`;
  const { rows } = await admin.query<{ nextOffset: number; activities: number; blobs: number }>(text, [partition]);
  return rows[0] ?? { nextOffset: 0, activities: 0, blobs: 0 };
}
const ONCE = { nextOffset: 1, activities: 1, blobs: 1 };

/** Resolves when so many sessions are as described. */
async function sessions(condition: string, count: number): Promise<number[]> {
  const text = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND ${condition} ORDER BY query_start`;
  for (;;) {
    const { rows } = await admin.query<{ pid: number }>(text);
    if (rows.length === count) return rows.map(({ pid }) => pid);
  }
}
const WAITING = "wait_event_type = 'Lock'";

/** Keeps commits from passing their last statements while `meanwhile` runs. */
async function whileTotalsAreLocked(meanwhile: () => Promise<unknown>): Promise<void> {
  const locker = new Client({ connectionString: fresh.url });
  await locker.connect();
  await locker.query('BEGIN; LOCK TABLE partition_total');
  await meanwhile();
  await locker.query('COMMIT');
  await locker.end();
}

describe('A commit', () => {
  it('cut off before COMMIT writes nothing, and is run again (2, 4)', async () => {
    const store = open(proxy.url);
    const session = await store.claim(partition, 'a');
    const cut = proxy.stopAt('to-server', COMMIT, 'cut');
    expect(await session.commit(aBatch())).toBe('committed');
    await cut;
    expect(await stored()).toEqual(ONCE);
  });

  it('whose acknowledgement is lost is recognised as done (3, 4)', async () => {
    const store = open(proxy.url);
    const session = await store.claim(partition, 'a');
    const cut = proxy.stopAt('from-server', COMMIT, 'cut');
    expect(await session.commit(aBatch())).toBe('committed');
    await cut;
    expect(await stored()).toEqual(ONCE);
  });

  it('waits for a run of itself that is still in flight on the server (4)', async () => {
    const store = open(proxy.url, 10_000);
    const session = await store.claim(partition, 'a');
    let result: Promise<unknown> = Promise.resolve();
    await whileTotalsAreLocked(async () => {
      result = session.commit(aBatch());
      await sessions(WAITING, 1);
      proxy.interrupt('cut');
      await sessions(WAITING, 2);
    });
    expect(await result).toBe('committed');
    expect(await stored()).toEqual(ONCE);
  });

  it('whose connection the server terminates is run again (2, 4)', async () => {
    const store = open(fresh.url, 10_000);
    const session = await store.claim(partition, 'a');
    let result: Promise<unknown> = Promise.resolve();
    await whileTotalsAreLocked(async () => {
      result = session.commit(aBatch());
      const [pid] = await sessions(WAITING, 1);
      await admin.query('SELECT pg_terminate_backend($1)', [pid]);
    });
    expect(await result).toBe('committed');
    expect(await stored()).toEqual(ONCE);
  });

  it('that took effect before a newer owner claimed is fenced, and the new owner has it (5)', async () => {
    const [old, owner] = [open(proxy.url), open(fresh.url)];
    const session = await old.claim(partition, 'a');
    const frozen = proxy.stopAt('from-server', COMMIT, 'freeze');
    const result = session.commit(aBatch());
    await frozen;
    const { claim } = await owner.claim(partition, 'b');
    proxy.thaw();
    proxy.interrupt('cut');
    expect(await result).toBe('fenced');
    expect([claim.nextOffset, claim.outbox.length]).toEqual([1, 1]);
  });

  it('that cannot get through fails as retryable after its last run, and can be given again (6)', async () => {
    const store = open(proxy.url, TIMEOUT, 2);
    const session = await store.claim(partition, 'a');
    const frozen = proxy.stopAt('from-server', COMMIT, 'freeze');
    const result = session.commit(aBatch());
    await frozen;
    await expect(result).rejects.toBeInstanceOf(RetryableError);
    proxy.thaw();
    expect(await session.commit(aBatch())).toBe('committed');
    expect(await stored()).toEqual(ONCE);
  });

  it('chosen as the victim of a deadlock is run again (2, 6)', async () => {
    const store = open(fresh.url, 10_000);
    const session = await store.claim(partition, 'a');
    const other = new Client({ connectionString: fresh.url });
    await other.connect();
    // The commit finds the deadlock, not the other: only it looks for one.
    await other.query("SET deadlock_timeout = '1h'; BEGIN");
    await other.query("INSERT INTO partition_total VALUES ($1, 'acme', 'activities', 5)", [partition]);
    const result = session.commit(aBatch());
    await sessions(WAITING, 1);
    await other.query('SELECT FROM partition_progress WHERE partition = $1 FOR UPDATE', [partition]);
    await other.query('ROLLBACK');
    await other.end();
    expect(await result).toBe('committed');
    expect(await stored()).toEqual(ONCE);
  });
});

describe('Ownership', () => {
  it('passes on although the old owner stands still within its transaction (database 3)', async () => {
    const [old, owner] = [open(proxy.url, 3_000), open(fresh.url, 10_000)];
    const session = await old.claim(partition, 'a');
    const frozen = proxy.stopAt('to-server', COMMIT, 'freeze');
    const result = session.commit(aBatch());
    await frozen;
    await sessions("state = 'idle in transaction'", 1);
    const { claim } = await owner.claim(partition, 'b');
    proxy.thaw();
    expect(await result).toBe('fenced');
    expect([claim.nextOffset, claim.outbox]).toEqual([0, []]);
    expect(await stored()).toEqual({ nextOffset: 0, activities: 0, blobs: 0 });
  });

  it('is with one of two claimants at any offset, however they interleave (1)', async () => {
    const work = async (store: EngineStore, owner: string): Promise<number> => {
      let done = 0;
      for (let round = 0; round < 40; round++) {
        const session = await store.claim(partition, owner);
        const { nextOffset } = session.claim;
        let result = 'committed';
        for (let i = 0; i < 3 && result === 'committed'; i++) {
          const states = [aState('acme:x', { version: nextOffset + i }), aState(`acme:${owner}`)];
          result = await session.commit(aCommit({ nextOffset: nextOffset + i }, { states, totals: activities }));
          if (result === 'committed') done += 1;
        }
      }
      return done;
    };
    const [a, b] = await Promise.all([work(open(fresh.url, 10_000), 'a'), work(open(fresh.url, 10_000), 'b')]);
    expect(await stored()).toEqual({ nextOffset: a + b, activities: a + b, blobs: 0 });
    expect(a + b).toBeGreaterThan(0);
  });
});

describe('A half-open connection', () => {
  it('fails within the time-out and is not used again (database 1, 2)', async () => {
    const store = open(proxy.url);
    const session = await store.claim(partition, 'a');
    proxy.interrupt('freeze');
    const started = performance.now();
    await expect(session.load(['acme:x'])).rejects.toMatchObject({ code: 'STORE.UNREACHABLE' });
    expect(performance.now() - started).toBeLessThan(2 * TIMEOUT);
    proxy.thaw();
    expect((await session.load(['acme:x'])).size).toBe(0);
  });
});

describe('Errors', () => {
  const attempt = (change: Partial<Pick<URL, 'port' | 'password' | 'pathname'>>) =>
    open(Object.assign(new URL(fresh.url), change).href).claim(partition, 'a');

  it('name the database and never the password', async () => {
    const failed = attempt({ port: '1', password: 'open-sesame' });
    await expect(failed).rejects.toMatchObject({ code: 'STORE.UNREACHABLE', name: 'RetryableError' });
    await expect(failed).rejects.toThrow(new URL(fresh.url).pathname);
    await expect(failed).rejects.not.toThrow('open-sesame');
  });

  it('tell a wrong configuration from a server that is away', async () => {
    await expect(attempt({ password: 'wrong' })).rejects.toMatchObject({ code: 'STORE.MISCONFIGURED' });
    await expect(attempt({ pathname: '/nowhere' })).rejects.toMatchObject({ code: 'STORE.MISCONFIGURED' });
  });
});
