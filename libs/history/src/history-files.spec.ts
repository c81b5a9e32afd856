import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openHistory } from './history';
import { activitiesOf, placesOf } from './sheet';
import type { PastActivity } from './sheet';

const folder = mkdtempSync(join(tmpdir(), 'history-files-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

async function read(input: string, skip?: number): Promise<PastActivity[]> {
  const history = await openHistory({ input });
  try {
    const activities: PastActivity[] = [];
    for await (const some of history.activities(skip)) activities.push(...some);
    return activities;
  } finally {
    await history.close();
  }
}

const csv = file(
  'orders.csv',
  'note,customerId,timestamp,event,type,id,properties',
  'x,c2,2024-01-02T10:00:00+02:00,Order Completed,track,e3,"{""total"": 12.5, ""items"": [""a, b"", null]}"',
  'y,c1,2024-01-01T00:00:00Z,Order Completed,,e9,',
  '"z,z","c ""1""",1704067200000,,page,,"{""path"":""/""}"',
);
const expected = [
  { row: 2, id: 'e9', customer: 'c1', type: 'track', event: 'Order Completed', at: 1704067200000, properties: {} },
  { row: 3, id: null, customer: 'c "1"', type: 'page', event: null, at: 1704067200000, properties: { path: '/' } },
  {
    row: 1,
    id: 'e3',
    customer: 'c2',
    type: 'track',
    event: 'Order Completed',
    at: 1704182400000,
    properties: { total: 12.5, items: ['a, b', null] },
  },
];

describe('A history file', () => {
  it('in CSV gives its activities by time, and rows of one instant as they stand in the file', async () => {
    expect(await read(csv)).toEqual(expected);
  });

  it.each(['with spaces.csv', 'select (1).csv', 'FROM x.csv'])('may be named like a query: %s', async (name) => {
    const line = 'c1,2024-01-01T00:00:00Z,Order Completed';
    file(name, 'customerId,timestamp,event', line);
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect(await read(name)).toMatchObject([{ customer: 'c1' }]);
    } finally {
      process.chdir(before);
    }
  });

  it('in NDJSON gives the same, and objects exactly as they were written', async () => {
    const ndjson = file(
      'orders.ndjson',
      '{"customerId":"c2","timestamp":"2024-01-02T10:00:00+02:00","event":"Order Completed","id":"e3","extra":1,"properties":{"total":12.5,"items":["a, b",null]}}',
      '{"customerId":"c1","timestamp":"2024-01-01T00:00:00Z","event":"Order Completed","id":"e9","properties":null}',
      '',
      '{"customerId":"c \\"1\\"","timestamp":1704067200000,"event":null,"type":"page","properties":{"path":"/"}}',
    );
    expect(await read(ndjson)).toEqual(expected);
  });

  it('in Parquet gives the same', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const parquet = join(folder, "it's.parquet");
    await connection.run(`COPY (FROM read_csv('${csv}', all_varchar = true)) TO '${parquet.replace("'", "''")}'`);
    connection.closeSync();
    instance.closeSync();
    expect(await read(parquet)).toEqual(expected);
  });

  it('may have a byte order mark, Windows line ends and a name that looks like a pattern', async () => {
    const path = file(
      'we[i]rd *?.csv',
      '\uFEFFcustomerId,timestamp,event\r',
      'c1,2024-01-01T00:00:00Z,Order Completed\r',
    );
    expect(await read(path)).toMatchObject([{ customer: 'c1', event: 'Order Completed' }]);
  });

  it.each([
    ['CRLF', '\r\n'],
    ['LF', '\n'],
    ['CR', '\r'],
  ])('in CSV may have any line break in quotes, wherever, when its lines end with %s', async (_, end) => {
    const rows = ['\n', '\r\n', '\r'].map((within) => `c1,1704067200000,"a${within}b"`);
    const many = Array.from({ length: 3_000 }, () => 'c1,1704067200000,e');
    const path = join(folder, 'breaks.csv');
    writeFileSync(path, ['customerId,timestamp,event', ...rows, ...many, ...rows, ''].join(end));
    const events = (await read(path)).map(({ event }) => event);
    expect(events).toHaveLength(3_006);
    expect(events.filter((event) => event !== 'e')).toEqual([...rows, ...rows].map((row) => row.slice(18, -1)));
  });

  it('takes properties with half of a character, and keys that stand twice, as JSON.parse does', async () => {
    const half = String.raw`{"a":"\ud800","b":"\\ud800 \ud83d\ude00"}`;
    const line = (properties: string): string =>
      `{"customerId":"c1","timestamp":"2024-01-01T00:00:00Z","event":"d","event":"e","properties":${properties}}`;
    const ndjson = await read(file('half.ndjson', line(half), '', line('{}'), line('null')));
    const properties = { a: '\ud800', b: '\\ud800 😀' };
    expect(ndjson).toMatchObject([{ event: 'e', properties }, { properties: {} }, { properties: {} }]);
    const quoted = half.replaceAll('"', '""');
    const csv = file('half.csv', 'customerId,timestamp,event,properties', `c1,2024-01-01T00:00:00Z,e,"${quoted}"`);
    expect(await read(csv)).toMatchObject([{ properties }]);
  });

  it('takes and refuses ids by their length in UTF-16, as live activity', async () => {
    const rows = (id: string): string => file('long.csv', 'customerId,timestamp,event', `${id},1704067200000,e`);
    expect(await read(rows('ü'.repeat(256)))).toHaveLength(1);
    expect(await read(rows('😀'.repeat(128)))).toHaveLength(1);
    await expect(read(rows('😀'.repeat(129)))).rejects.toThrow('is longer than 256 characters');
  });

  it('may be without rows, and NDJSON without anything', async () => {
    const history = await openHistory({ input: file('none.csv', 'customerId,timestamp,event') });
    await history.close();
    expect(history).toMatchObject({ name: 'none.csv', total: 0, newest: null });
    expect(await read(file('none.ndjson'))).toEqual([]);
  });

  it('of many pages comes whole and in order, can be read twice, and from any activity on', async () => {
    const count = 20_000;
    const lines = Array.from({ length: count }, (_, n) => `c${n},${1_704_067_200_000 + Math.floor(n / 7)},e${n}`);
    const input = file('many.csv', 'customerId,timestamp,event', ...lines);
    const history = await openHistory({ input });
    const seen: (string | null)[][] = [[], [], []];
    for (const [run, skip] of [0, 0, 12_345].entries()) {
      for await (const some of history.activities(skip)) seen[run]?.push(...some.map(({ event }) => event));
    }
    await history.close();
    const names = lines.map((_, n) => `e${n}`);
    expect(history).toMatchObject({ total: count, newest: 1_704_067_200_000 + Math.floor((count - 1) / 7) });
    expect(seen).toEqual([names, names, names.slice(12_345)]);
  });

  it('is shared out by customer, with the places of the rows, up to an instant', async () => {
    const start = 1_704_067_200_000;
    const lines = Array.from({ length: 20_000 }, (_, n) => `c${n % 50},${start + n},e${n}`);
    const history = await openHistory({ input: file('shared.csv', 'customerId,timestamp,event', ...lines) });
    const customers: Set<string>[] = [new Set(), new Set(), new Set()];
    const seen: string[] = [];
    for await (const { sheets } of history.pages({ through: start + 17_999, shares: 3, places: true })) {
      for (const [share, sheet] of sheets) {
        const places = placesOf(sheet);
        for (const [row, { customer, event }] of (activitiesOf(sheet) ?? []).entries()) {
          customers[share]?.add(customer);
          seen[places[row] ?? -1] = String(event);
        }
      }
    }
    expect(await history.countThrough(start + 17_999)).toBe(18_000);
    await history.close();
    expect(seen).toEqual(lines.slice(0, 18_000).map((_, n) => `e${n}`));
    expect(customers.reduce((sum, { size }) => sum + size, 0)).toBe(50);
    expect(customers.every(({ size }) => size > 0)).toBe(true);
  });

  it('by customer has the activities of each together, in their order', async () => {
    const rows = ['b,1704067200002,e1', 'a,1704067200001,e2', 'b,1704067200000,e3', 'a,1704067200001,e4'];
    const input = file('by-customer.csv', 'customerId,timestamp,event', ...rows);
    const history = await openHistory({ input, order: 'customer' });
    const events: (string | null)[] = [];
    for await (const some of history.activities()) events.push(...some.map(({ event }) => event));
    await history.close();
    expect(events).toEqual(['e2', 'e4', 'e3', 'e1']);
  });
});
