import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openHistory } from './history';
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
  { id: 'e9', customer: 'c1', type: 'track', event: 'Order Completed', at: 1704067200000, properties: {} },
  { id: null, customer: 'c "1"', type: 'page', event: null, at: 1704067200000, properties: { path: '/' } },
  {
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
});
