/** What state-log.ts promises when two processes believe to own a partition. Numbers are its. */
import { aCommit, aState, type FreshDatabase, freshDatabase } from '@perennial/testing';
import { type Database, openDatabase } from '../postgres/database';
import { bind, type Statement } from '../postgres/statement';
import { migrate } from '../schema/migrate';
import { createEngineStore } from './engine-store';

const rowOf: Statement<[key: string], { readonly version: number }> = {
  name: 'spec-row',
  text: 'SELECT version FROM customer_state WHERE key = $1',
};
let fresh: FreshDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase(migrate);
  database = openDatabase({ url: fresh.url });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const aStore = () => createEngineStore(database, { random: () => 0.5 });

it('a former owner that still writes rows takes none back to an older version (invariant 3)', async () => {
  const former = await aStore().claim(0, 'former');
  await former.commit(aCommit(former.claim, { states: [aState('acme:x', { version: 0 })] }));
  const owner = await aStore().claim(0, 'owner');
  await owner.commit(aCommit(owner.claim, { states: [aState('acme:x', { version: 1 })] }));
  await owner.flush(null);
  await former.flush(null);
  expect(await database.query(bind(rowOf, 'acme:x'))).toEqual([{ version: 1 }]);
});

it('what a former owner logged and did not write into rows is written by the next one (invariants 1 and 2)', async () => {
  const former = await aStore().claim(1, 'former');
  await former.commit(aCommit(former.claim, { states: [aState('acme:y', { version: 0, packed: Uint8Array.of(9) })] }));
  const owner = await aStore().claim(1, 'owner');
  expect([...((await owner.load(['acme:y'])).get('acme:y') ?? [])]).toEqual([9]);
  await owner.flush(null);
  expect(await database.query(bind(rowOf, 'acme:y'))).toEqual([{ version: 0 }]);
});
