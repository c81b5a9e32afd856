import { describeStoreModel, freshDatabase } from '@perennial/testing';
import { openDatabase } from '../postgres/database';
import { bind, type Statement } from '../postgres/statement';
import { migrate } from '../schema/migrate';
import { createEngineStore } from './engine-store';

const rowsOf: Statement<[number], { readonly key: string; readonly version: number; readonly packed: Uint8Array }> = {
  name: 'spec-rows',
  text: 'SELECT key, version, packed FROM customer_state WHERE partition = $1',
};

describeStoreModel('PostgreSQL', 100, async () => {
  const { url, drop } = await freshDatabase(migrate);
  const database = openDatabase({ url });
  return {
    storeOf: (limits) => createEngineStore(database, { random: () => 0.5, limits }),
    rows: (partition) => database.query(bind(rowsOf, partition)),
    close: async () => {
      await database.close();
      await drop();
    },
  };
});
