import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryOptions } from './history';
import { openHistory } from './history';
import type { PastActivity } from './sheet';

const folder = mkdtempSync(join(tmpdir(), 'history-query-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function read(options: HistoryOptions): Promise<PastActivity[]> {
  const history = await openHistory(options);
  try {
    const activities: PastActivity[] = [];
    for await (const some of history.activities()) activities.push(...some);
    return activities;
  } finally {
    await history.close();
  }
}
const oneRow = (columns: string): Promise<PastActivity[]> => read({ input: `SELECT ${columns}` });
const noon = Date.UTC(2024, 0, 1, 12);

describe('A history query', () => {
  it.each([
    [`TIMESTAMP '2024-01-01 12:00:00'`, noon],
    [`TIMESTAMP '2024-01-01 12:00:00.123456'`, noon + 123],
    [`TIMESTAMPTZ '2024-01-01 12:00:00+02:00'`, noon - 2 * 3_600_000],
    [`CAST('2024-01-01 12:00:00' AS TIMESTAMP_S)`, noon],
    [`CAST('2024-01-01 12:00:00' AS TIMESTAMP_MS)`, noon],
    [`CAST('2024-01-01 12:00:00' AS TIMESTAMP_NS)`, noon],
    [`DATE '2024-01-01'`, Date.UTC(2024, 0, 1)],
    [`1704110400000::BIGINT`, noon],
    [`1704110400000::HUGEINT`, noon],
    [`'1704110400000'`, noon],
    [`'2024-01-01T12:00:00.000Z'`, noon],
    [`'2024-01-01T13:00+0100'`, noon],
  ])('reads %s as an instant in UTC', async (timestamp, at) => {
    expect(await oneRow(`'c' AS "customerId", ${timestamp} AS timestamp, 'e' AS event`)).toMatchObject([{ at }]);
  });

  it.each([
    [`{total: 139.10::DECIMAL(12, 2), currency: 'GBP'}`, { total: 139.1, currency: 'GBP' }],
    [`MAP {'total': 0.1::DECIMAL(18, 2), 'more': 0.2}`, { total: 0.1, more: 0.2 }],
    [`'{"a": {"b": [1, null]}}'`, { a: { b: [1, null] } }],
    [`'{"a": 1}'::JSON`, { a: 1 }],
    [`NULL`, {}],
    [`'null'`, {}],
  ])('takes %s for properties', async (value, properties) => {
    const activities = await oneRow(`7 AS "customerId", now() AS timestamp, 'e' AS event, ${value} AS properties`);
    expect(activities).toMatchObject([{ customer: '7', properties }]);
  });

  it('is sorted by time, then by id, then as its rows come', async () => {
    const rows = [
      ['c', '2024-01-02', 'b'],
      ['d', '2024-01-02', null],
      ['e', '2024-01-02', 'a'],
      ['f', '2024-01-01', 'z'],
      ['g', '2024-01-02', 'a'],
    ].map(
      ([customer, day, id]) =>
        `('${String(customer)}', DATE '${String(day)}', ${id === null ? 'NULL' : `'${String(id)}'`})`,
    );
    const input = `SELECT *, 'e' AS event FROM (VALUES ${rows.join(', ')}) t("customerId", timestamp, id);`;
    expect((await read({ input })).map(({ customer }) => customer).join('')).toBe('fdegc');
  });

  it('numbers its rows by time, also where they are sorted by customer', async () => {
    const customer = `CASE n % 3 WHEN 0 THEN 'b' WHEN 1 THEN 'c' ELSE 'a' END`;
    const input = `SELECT ${customer} AS "customerId", to_timestamp(n // 7) AS timestamp, 'e' || n AS event FROM range(500) t(n)`;
    const byTime = await read({ input });
    const byCustomer = await read({ input, order: 'customer' });
    expect(byTime.map(({ row }) => row)).toEqual(byTime.map((_, index) => index + 1));
    expect(byCustomer.map(({ customer }) => customer)).toEqual(byTime.map(({ customer }) => customer).sort());
    expect(byCustomer.toSorted((one, other) => one.row - other.row)).toEqual(byTime);
  });

  it('finds files beside it, wherever the process runs', async () => {
    const beside = join(folder, "Ann's shop");
    mkdirSync(beside);
    writeFileSync(join(beside, 'visits.csv'), 'who,day\nc1,2024-01-01\n');
    const from = `FROM read_csv(getvariable('here') || '/visits.csv')`;
    writeFileSync(
      join(beside, 'visits.sql'),
      `-- Visits\nSELECT who AS "customerId", day AS timestamp, 'Visit' AS event ${from};\n`,
    );
    expect(await read({ input: join(beside, 'visits.sql') })).toMatchObject([{ customer: 'c1', event: 'Visit' }]);
  });

  it('sorts on disk what does not fit into memory, and leaves nothing there', async () => {
    const spillFolder = mkdtempSync(join(folder, 'spill-'));
    const columns = `'c' || (n % 1000) AS "customerId", to_timestamp(300000 - n) AS timestamp, repeat('e', 200) AS event`;
    const input = `SELECT ${columns} FROM range(300000) t(n)`;
    const history = await openHistory({ input, memoryLimit: '96MB', spillFolder });
    const spilled = readdirSync(spillFolder, { recursive: true });
    let last = -Infinity;
    let sorted = true;
    for await (const some of history.activities()) {
      for (const { at } of some) {
        sorted &&= at > last;
        last = at;
      }
    }
    await history.close();
    expect(sorted).toBe(true);
    expect(spilled.length).toBeGreaterThan(1);
    expect(readdirSync(spillFolder)).toEqual([]);
  });
});
