/** What the layout promises about cost: HOT updates of states, and an index for what is due. */
import { ACME, aCommit, aDeadline, aState, type FreshDatabase, freshDatabase } from '@perennial/testing';
import { Client } from 'pg';
import { type Database, openDatabase } from '../postgres/database';
import { bind, type Statement } from '../postgres/statement';
import { migrate } from '../schema/migrate';
import { createEngineStore } from './engine-store';
import { findDue } from './statements/deadlines';

let fresh: FreshDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase(migrate);
  database = openDatabase({ url: fresh.url, connections: 1 });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const flushStatistics: Statement<[]> = { name: 'spec-flush', text: 'SELECT pg_stat_force_next_flush()' };
const updates: Statement<[], { all: number; hot: number }> = {
  name: 'spec-updates',
  text: `SELECT n_tup_upd AS all, n_tup_hot_upd AS hot FROM pg_stat_user_tables WHERE relname = 'customer_state'`,
};

/**
 * So few updates of each page that they fit beside the rows: an open transaction anywhere in the cluster, of another spec
 * say, keeps PostgreSQL from making room by pruning.
 */
it('updates states in place: at least nine of ten are HOT', async () => {
  const store = createEngineStore(database, { random: () => 0.5 });
  const session = await store.claim(0, 'a');
  const customers = 6_000;
  const commit = async (nextOffset: number, picked: readonly number[]) => {
    const states = picked.map((n) => aState(`acme:c${n}`, { version: nextOffset, packed: new Uint8Array(300) }));
    expect(await session.commit(aCommit({ nextOffset }, { states }))).toBe('committed');
    await session.flush(null);
  };
  await commit(
    0,
    Array.from({ length: customers }, (_, n) => n),
  );
  for (let batch = 1; batch <= 3; batch++) {
    await commit(
      batch,
      Array.from({ length: 250 }, (_, n) => n * 24 + batch * 8 - 1),
    );
  }
  await database.query(bind(flushStatistics));
  const [counted] = await database.query(bind(updates));
  expect(counted?.all).toBe(750);
  expect((counted?.hot ?? 0) / 750).toBeGreaterThanOrEqual(0.9);
});

it('finds what is due by walking an index in order, whatever the number of exceptions', async () => {
  const store = createEngineStore(database, { random: () => 0.5 });
  const session = await store.claim(1, 'a');
  const deadlines = Array.from({ length: 5_000 }, (_, n) => aDeadline(`acme:c${n}`, n));
  await session.commit(aCommit({ nextOffset: 0 }, { deadlines }));
  const client = new Client({ connectionString: fresh.url });
  await client.connect();
  await client.query(`SET plan_cache_mode = force_generic_plan; PREPARE due AS ${findDue.text}`);
  const except = Array.from({ length: 1_000 }, (_, n) => `acme:c${n}`).join(',');
  const text = `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE due(1, '{${ACME}}', '{4999}', '{${except}}', 100)`;
  const plan = JSON.stringify((await client.query<{ 'QUERY PLAN': unknown }>(text)).rows);
  await client.end();
  expect(plan).toContain('"Index Name":"deadline_due"');
  expect(plan).not.toContain('Seq Scan');
  expect(plan).toContain('"Rows Removed by Filter":1000');
});
