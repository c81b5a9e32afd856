import { formatInstant, parseInstant } from '@perennial/values';
import fc from 'fast-check';
import { type Database, openDatabase } from './duckdb';
import { readColumn } from './read-column';
import { registerReadInstant } from './read-instant';
import { fromLocalTime } from './time-zone';

let database: Database;
let zoned: Database;
const fromLocal = fromLocalTime('Europe/Berlin');
beforeAll(async () => {
  database = await openDatabase({});
  registerReadInstant(database.connection);
  zoned = await openDatabase({});
  registerReadInstant(zoned.connection, fromLocal);
});
afterAll(() => Promise.all([database.close(), zoned.close()]));

async function readAll(texts: readonly string[], isZoned = false): Promise<(number | null)[]> {
  const reading = readColumn('texts', 'timestamp', {
    columns: new Map([['timestamp', 'VARCHAR']]),
    nameOf: (name) => name,
    isZoned,
  });
  const values = texts.map((text, n) => `(${n}, '${text.replaceAll("'", "''")}')`).join(', ');
  const sql = `SELECT CAST(${reading} AS DOUBLE) FROM (VALUES ${values}) t(n, "timestamp") ORDER BY n`;
  const asked = isZoned ? zoned : database;
  return (await asked.rows('texts', sql)).map(([at]) => (at === null || at === undefined ? null : Number(at)));
}

const instants = fc.integer({ min: Date.UTC(0), max: Date.UTC(9999) }).map(formatInstant);
const digits = fc.nat(9).map(String);
const damaged = fc
  .tuple(instants, fc.nat(23), fc.oneof(digits, fc.constantFrom('Z', 'T', 't', ' ', '+', '-', '.', ':', '')))
  .map(([text, at, other]) => text.slice(0, at) + other + text.slice(at + 1));
const shapes = fc
  .tuple(instants, fc.constantFrom(16, 19, 20, 22, 23), fc.constantFrom('Z', 'z', '', '+02:00', '-0530', '+14', ' UTC'))
  .map(([text, end, zone]) => text.slice(0, end) + zone);
const edges = fc.constantFrom(
  '2016-12-31T23:59:60Z',
  '2016-12-31T23:59:60.500Z',
  '2000-02-29T24:00:00Z',
  '1900-02-29T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '1000-01-01T00:00:00Z',
  '2999-12-31T23:59:59.999Z',
  '20240501T100000Z',
  'infinity',
  'epoch',
  '',
);

describe('DuckDB reads an instant from text', () => {
  it('as parseInstant does, whatever the text', async () => {
    const texts = fc.array(fc.oneof(instants, damaged, shapes, edges, fc.string()).filter(hasNoNul), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(texts, async (some) => {
        expect(await readAll(some)).toEqual(some.map((text) => parseInstant(text)));
      }),
      { numRuns: 200 },
    );
  });

  it('with a zone, too: what states no offset is what parseInstant makes of it with Z, as a local time', async () => {
    const local = (text: string): number | null => {
      const at = parseInstant(`${text}${/^[0-9]{4}-..-..$/.test(text) ? 'T00:00' : ''}Z`);
      return at === null ? null : fromLocal(at);
    };
    const withoutZone = fc.tuple(fc.oneof(instants, damaged), fc.constantFrom(10, 16, 19, 23)).map(cut);
    const texts = fc.array(fc.oneof(withoutZone, shapes, edges), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(texts, async (some) => {
        expect(await readAll(some, true)).toEqual(some.map((text) => parseInstant(text) ?? local(text)));
      }),
      { numRuns: 100 },
    );
  });

  it('also from whole milliseconds since 1970, of 12 digits or more', async () => {
    const texts = ['1704067200000', '100000000000', '99999999999', '20240501', '-1704067200000', '1704067200000.5'];
    expect(await readAll(texts)).toEqual([1704067200000, 100000000000, null, null, null, null]);
  });
});

function cut([text, end]: readonly [string, number]): string {
  return text.slice(0, end);
}

function hasNoNul(text: string): boolean {
  return !text.includes('\0');
}
