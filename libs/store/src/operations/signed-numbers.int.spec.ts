import { type FreshDatabase, freshDatabase } from '@perennial/testing';
import { type Database, openDatabase } from '../postgres/database';
import { bind, type Statement } from '../postgres/statement';
import { migrate } from '../schema/migrate';
import { createSignedNumbers } from './signed-numbers';

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

const setLast: Statement<[last: number]> = { name: 'spec-set-last', text: 'UPDATE signed_number SET last = $1' };

describe('numbers for what is signed', () => {
  it('rise, whoever draws, and are those of no restored or newer database', async () => {
    const before = Date.now() - 60_000;
    const [one, other] = [createSignedNumbers(database), createSignedNumbers(database)];
    const drawn = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).next()));
    expect(new Set(drawn).size).toBe(20);
    expect(Math.min(...drawn)).toBeGreaterThan(before);
    await database.query(bind(setLast, 5));
    expect(await one.next()).toBeGreaterThan(before);
  });

  it('rise also when the clock of the database went back', async () => {
    const numbers = createSignedNumbers(database);
    const ahead = Date.now() + 86_400_000;
    await database.query(bind(setLast, ahead));
    expect([await numbers.next(), await numbers.next()]).toEqual([ahead + 1, ahead + 2]);
  });
});
