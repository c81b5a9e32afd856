import { freshDatabase, type FreshDatabase } from '@perennial/testing';
import fc from 'fast-check';
import { migrate } from '../schema/migrate';
import { type Database, openDatabase, parameter } from './database';
import { bind, type Statement } from './statement';

interface Row {
  readonly texts: readonly string[];
  readonly numbers: readonly string[];
}
const echo: Statement<[texts: readonly string[], numbers: readonly number[]], Row> = {
  name: 'spec-echo',
  text: 'SELECT $1::text[] AS texts, $2::text[] AS numbers',
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

const awkward = fc.constantFrom('', '"', '\\', '{', '}', ',', 'NULL', ' ', '\n', '\u0001', '\u{1F600}', "'", '\u2028');
const text = fc.array(fc.oneof(awkward, fc.string({ unit: 'grapheme', maxLength: 5 })), { maxLength: 4 });
const texts = fc.array(
  text.map((parts) => parts.join('').replaceAll('\0', '')),
  { maxLength: 6 },
);
const numbers = fc.array(fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true })), { maxLength: 6 });

it('arrays come to PostgreSQL as they are, whatever is in them', async () => {
  await fc.assert(
    fc.asyncProperty(texts, numbers, async (given, values) => {
      const [row] = await database.query(bind(echo, given, values));
      expect(row?.texts).toEqual(given);
      expect(row?.numbers.map(Number)).toEqual(values.map((value) => value + 0));
    }),
    { numRuns: 200 },
  );
});

it('everything else is left to the driver', () => {
  for (const value of ['a', 1, null, Uint8Array.of(1), ['a', null]]) expect(parameter(value)).toBe(value);
});
