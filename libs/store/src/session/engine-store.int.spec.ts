import type { TenantId } from '@perennial/values';
import { describeEngineStore, freshDatabase } from '@perennial/testing';
import { openDatabase } from '../postgres/database';
import { bind, type Statement } from '../postgres/statement';
import { migrate } from '../schema/migrate';
import { createEngineStore } from './engine-store';

const stateOf: Statement<[number, string], { label: string; version: number }> = {
  name: 'spec-state',
  text: 'SELECT stage AS label, version FROM customer_state WHERE partition = $1 AND key = $2',
};
const totalOf: Statement<[number, TenantId, string], { value: number }> = {
  name: 'spec-total',
  text: 'SELECT value FROM partition_total WHERE partition = $1 AND tenant = $2 AND name = $3',
};

describeEngineStore('PostgreSQL', async () => {
  const { url, drop } = await freshDatabase(migrate);
  const database = openDatabase({ url });
  const store = createEngineStore(database, { random: () => 0.5 });
  return {
    store,
    row: async (...names) => (await database.query(bind(stateOf, ...names)))[0] ?? null,
    total: async (...names) => (await database.query(bind(totalOf, ...names)))[0]?.value ?? 0,
    close: async () => {
      await database.close();
      await drop();
    },
  };
});
