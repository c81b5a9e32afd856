/** Files as people bring them: what `map` and `zone` make of them, or what is said, with the remedy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { InvalidInput } from '@perennial/values';
import { parseColumnMap } from './column-map';
import { openHistory } from './history';
import type { PastActivity } from './sheet';

const folder = mkdtempSync(join(tmpdir(), 'mapped-history-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

async function read(input: string, map?: string, zone?: string): Promise<PastActivity[]> {
  const history = await openHistory({ input, map: map === undefined ? null : parseColumnMap(map), zone: zone ?? null });
  try {
    const activities: PastActivity[] = [];
    for await (const some of history.activities()) activities.push(...some);
    return activities;
  } finally {
    await history.close();
  }
}

async function refusal(...args: Parameters<typeof read>): Promise<string> {
  try {
    await read(...args);
  } catch (error) {
    if (error instanceof InvalidInput) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

const at = (text: string): number => Date.parse(text);
const MAP = `customer=customer_id,timestamp=ordered_at,event='Order Completed',id=order_no,total=amount,currency='EUR',note=note`;
const HEADER = 'order_no,customer_id,ordered_at,amount,note';
const ROWS = ['o1,c2,2024-01-02T10:00:00+02:00,12.50,"a, b"', 'o2,c1,2024-01-01T00:00:00Z,7,'];
const expected = [
  {
    row: 2,
    id: 'o2',
    customer: 'c1',
    type: 'track',
    event: 'Order Completed',
    at: at('2024-01-01T00:00:00Z'),
    properties: { total: 7, currency: 'EUR' },
  },
  {
    row: 1,
    id: 'o1',
    customer: 'c2',
    type: 'track',
    event: 'Order Completed',
    at: at('2024-01-02T08:00:00Z'),
    properties: { total: 12.5, currency: 'EUR', note: 'a, b' },
  },
];

describe('A map names the columns', () => {
  it('of a CSV file', async () => {
    expect(await read(file('orders.csv', HEADER, ...ROWS), MAP)).toEqual(expected);
  });

  it('of NDJSON, whose values stay what they are, and whose keys may be absent anywhere', async () => {
    const input = file(
      'orders.ndjson',
      '{"order_no":"o1","customer_id":"c2","ordered_at":"2024-01-02T10:00:00+02:00","amount":12.5,"note":"a, b"}',
      '',
      '{"order_no":"o2","customer_id":"c1","ordered_at":"2024-01-01T00:00:00Z","amount":7,"note":null,"Amount":1}',
    );
    expect(await read(input, MAP)).toEqual(expected);
    const text = file('text.ndjson', '{"c":1,"t":"2024-01-01T00:00:00Z","total":"7","e":{"a":[true]}}');
    expect(await read(text, `customer=c,timestamp=t,event='x',total=total,all=e`)).toMatchObject([
      { customer: '1', properties: { total: '7', all: { a: [true] } } },
    ]);
  });

  it('of NDJSON as JSON.parse reads it: halves of characters, keys that stand twice, keys in another case', async () => {
    const line = String.raw`{"c":"x","c":"c1","T":1704067200000,"t":1704067200001,"v":"\ud800","n":null}`;
    const map = `customer=c,timestamp=t,event='e',v=v`;
    expect(await read(file('json.ndjson', line), map)).toMatchObject([
      { customer: 'c1', at: 1704067200001, properties: { v: '\ud800' } },
    ]);
    const [cased] = await read(file('case.ndjson', line), `customer=c,timestamp=t,event='e',other=T,n=n`);
    expect([cased?.at, cased?.properties]).toEqual([1704067200001, { other: 1704067200000 }]);
    const latin = Buffer.from(`{"c":"c1","t":1704067200000,"v":"e"}\n{"c":"c1","t":1704067200000,"v":"é"}\n`, 'latin1');
    writeFileSync(join(folder, 'latin.ndjson'), latin);
    expect(await refusal(join(folder, 'latin.ndjson'), map)).toContain('latin.ndjson, line 2 is not text in UTF-8');
  });

  it('of Parquet and of a query, whose types stay what they are', async () => {
    const csv = file('typed.csv', HEADER, ...ROWS);
    const select = `SELECT order_no, customer_id, CAST(ordered_at AS TIMESTAMPTZ) AS ordered_at, CAST(amount AS DECIMAL(8, 2)) AS amount, note FROM read_csv('${csv}', all_varchar = true)`;
    expect(await read(select, MAP)).toEqual(expected.map((one, index) => ({ ...one, row: index + 1 })));
    const parquet = join(folder, 'orders.parquet');
    await duckdb(`COPY (${select}) TO '${parquet}'`);
    expect(await read(parquet, MAP)).toEqual(expected);
  });

  it('also when it gives properties as a whole, or types and events by row', async () => {
    const input = file(
      'whole.csv',
      'who,when,what,kind,props',
      'c1,1704067200000,Seen,,"{""a"":1}"',
      'c1,1704067200001,,page,',
    );
    expect(await read(input, 'customer=who,timestamp=when,event=what,type=kind,properties=props')).toMatchObject([
      { event: 'Seen', type: 'track', properties: { a: 1 } },
      { event: null, type: 'page', properties: {} },
    ]);
  });
});

describe('A property of a CSV file', () => {
  const properties = async (...values: readonly string[]): Promise<unknown[]> => {
    const rows = values.map((value, n) => `c1,${1_704_067_200_000 + n},${value}`);
    const input = file('values.csv', 'c,t,v', ...rows);
    return (await read(input, `customer=c,timestamp=t,event='e',v=v`)).map((activity) => activity.properties['v']);
  };

  it.each<[readonly string[], readonly unknown[]]>([
    [
      ['1', '-2.50', '', '1000.0', '0'],
      [1, -2.5, undefined, 1000, 0],
    ],
    [
      ['1', 'x'],
      ['1', 'x'],
    ],
    [
      ['0049', '12'],
      ['0049', '12'],
    ],
    [
      ['12E3', '85E10'],
      ['12E3', '85E10'],
    ],
    [
      ['1e-5', '2'],
      ['1e-5', '2'],
    ],
    [['1234567890123456'], ['1234567890123456']],
    [
      ['"1,50"', '2'],
      ['1,50', '2'],
    ],
    [
      ['', ''],
      [undefined, undefined],
    ],
    [['true'], ['true']],
    [['NaN'], ['NaN']],
    [['"say ""hi"" \\ ü"'], ['say "hi" \\ ü']],
  ])('%j becomes %j', async (values, expected) => {
    expect(await properties(...values)).toEqual(expected);
  });
});

describe('A zone is for times without an offset', () => {
  const input = (): string =>
    file(
      'zones.csv',
      'customerId,timestamp,event',
      'c,2024-07-01 12:00,e',
      'c,2024-07-02,e',
      'c,2024-07-03T12:00:00.5,e',
      'c,2024-07-04T12:00Z,e',
      'c,1720180800000,e',
      'c,2024-07-06T12:00+05:30,e',
    );

  it('of text', async () => {
    expect(
      (await read(input(), undefined, 'Europe/Berlin')).map((activity) => new Date(activity.at).toISOString()),
    ).toEqual([
      '2024-07-01T10:00:00.000Z',
      '2024-07-01T22:00:00.000Z',
      '2024-07-03T10:00:00.500Z',
      '2024-07-04T12:00:00.000Z',
      '2024-07-05T12:00:00.000Z',
      '2024-07-06T06:30:00.000Z',
    ]);
  });

  it.each([
    [`TIMESTAMP '2024-07-01 12:00:00'`, '2024-07-01T10:00:00Z'],
    [`DATE '2024-07-01'`, '2024-06-30T22:00:00Z'],
    [`TIMESTAMPTZ '2024-07-01 12:00:00Z'`, '2024-07-01T12:00:00Z'],
    [`TIMESTAMP '2024-03-31 02:30:00'`, '2024-03-31T01:30:00Z'],
  ])('of %s', async (timestamp, expected) => {
    const query = `SELECT 'c' AS "customerId", ${timestamp} AS timestamp, 'e' AS event`;
    expect(await read(query, undefined, 'Europe/Berlin')).toMatchObject([{ at: at(expected) }]);
  });

  it('and is asked for, with the numbers of rows with and without', async () => {
    expect(await refusal(input())).toBe(
      [
        'HISTORY.FLAWED_ROW zones.csv: 3 of 6 rows cannot be read, so none is taken:',
        '  line 2, column timestamp: "2024-07-01 12:00" is without a zone: add Z for UTC, or an offset such as +01:00, or name the zone with --zone Europe/Berlin.',
        '  line 3, column timestamp: "2024-07-02" is a day without a time: add it, with a zone, such as 2010-12-01T08:26:00Z, or name the zone with --zone Europe/Berlin.',
        '  line 4, column timestamp: "2024-07-03T12:00:00.5" is without a zone: add Z for UTC, or an offset such as +01:00, or name the zone with --zone Europe/Berlin.',
        '  3 of them state a time without an offset, 2 others state one, and keep it: --zone is for the former.',
      ].join('\n'),
    );
  });
});

describe('Odd files:', () => {
  it('a byte order mark, CRLF, quoted and upper-case names, a name twice that is not used, blanks in names', async () => {
    const input = file(
      'odd.csv',
      '\uFEFF"ORDER NO","CUSTOMER, ID",Ordered At,x,x, total \r',
      'o1,00042,2024-01-01T00:00:00Z,1,2,3\r',
    );
    const map = `id=ORDER NO,customer="CUSTOMER, ID",timestamp=Ordered At,event='e',total=" total "`;
    expect(await read(input, map)).toMatchObject([{ id: 'o1', customer: '00042', properties: { total: 3 } }]);
    expect(await refusal(input, map.replace(' total ', 'x'))).toContain(
      'HISTORY.COLUMN_TWICE odd.csv: there are two columns "x", and --map names it',
    );
  });

  it.each([
    [
      'customer=customerid',
      '"customerid", which --map names (did you mean "customer_id"?); found order_no, customer_id, ',
    ],
    ['customer=customer', '(did you mean "customer_id"?)'],
    ['customer=CUSTOMER_ID', '(did you mean "customer_id"?)'],
    ['customer=costumer_id', '(did you mean "customer_id"?)'],
    ['customer=zzz', 'there is no column "zzz", which --map names; found order_no'],
  ])('an unknown column: %s', async (customer, says) => {
    const map = MAP.replace('customer=customer_id', customer);
    for (const input of [
      file('unknown.csv', HEADER, ...ROWS),
      file('unknown.ndjson', '{"order_no":1,"customer_id":1,"ordered_at":1704067200000,"amount":1,"note":1}'),
    ])
      expect(await refusal(input, map)).toContain(says);
  });

  it('columns of other names: a map to begin with', async () => {
    expect(await refusal(file('names.csv', HEADER, ...ROWS))).toContain(
      `name the columns with --map "customer=customer_id,timestamp=ordered_at,event='TEXT'"`,
    );
    expect(await refusal(file('upper.csv', 'CUSTOMERID,TIMESTAMP,EVENT NAME'))).toContain(
      `--map "customer=CUSTOMERID,timestamp=TIMESTAMP,event=EVENT NAME"`,
    );
  });

  it('rows without customer or time, by the name of their column', async () => {
    const message = await refusal(file('empty.csv', HEADER, 'o1,,2024-01-01T00:00:00Z,1,', 'o2,c1,,1,'), MAP);
    expect(message).toContain('2 of 2 rows cannot be read, so none is taken:');
    expect(message).toContain('line 2, column customer_id: is empty; every activity is about a customer');
    expect(message).toContain('line 3, column ordered_at: is empty; every activity has a time');
  });

  it('half of the rows unreadable: how many, and the first three', async () => {
    const rows = Array.from(
      { length: 10 },
      (_, n) => `o${n},c1,${n % 2 === 0 ? '45292.5' : '2024-01-01T00:00:00Z'},1,`,
    );
    const lines = (await refusal(file('half.csv', HEADER, ...rows), MAP)).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe('HISTORY.FLAWED_ROW half.csv: 5 of 10 rows cannot be read, so none is taken. The first 3:');
    expect(lines[3]).toMatch(/^ {2}line 6, column ordered_at: "45292.5" is a number, but not of 12 to 15 digits/);
  });

  it('lines that are broken: how many, and the first three', async () => {
    const broken = await refusal(file('broken.csv', HEADER, ...ROWS, 'a', 'b,c', 'a,b,c,d,e,f', 'x'), MAP);
    expect(broken.split('\n')).toEqual([
      'HISTORY.BROKEN_LINE broken.csv: 4 of 6 lines cannot be read, so none is taken. The first 3:',
      expect.stringMatching(/^ {2}line 4 has 1 value, the header has 5; .*: a$/),
      expect.stringMatching(/^ {2}line 5 has 2 values/),
      expect.stringMatching(/^ {2}line 6 has 6 values/),
    ]);
    const object = '{"c":1,"t":1704067200000}';
    const json = await refusal(file('broken.ndjson', 'x', object, '', '{', '[]'), `customer=c,timestamp=t,event='e'`);
    expect(json).toMatch(/^HISTORY.BROKEN_LINE broken.ndjson: 3 of 4 lines cannot be read.*:\n {2}line 1 is no JSON/);
  });

  it('semicolons and decimal commas, days written otherwise, days of Excel: a query, with the same map and zone', async () => {
    const german = file('german.csv', 'Kunde;Datum;Betrag', '007;31.12.23 23:30;1.234,50');
    expect(await refusal(german)).toContain(
      `separates columns by ";"; save the file with commas, or read it with a query`,
    );
    const query = (time: string): string =>
      `SELECT Kunde, ${time} AS Datum, CAST(replace(replace(Betrag, '.', ''), ',', '.') AS DECIMAL(18, 2)) AS Betrag
       FROM read_csv('${german}', delim = ';', all_varchar = true)`;
    const map = `customer=Kunde,timestamp=Datum,event='Kauf',total=Betrag`;
    expect(await read(query(`strptime(Datum, '%d.%m.%y %H:%M')`), map, 'Europe/Berlin')).toMatchObject([
      { customer: '007', at: at('2023-12-31T22:30:00Z'), properties: { total: 1234.5 } },
    ]);
    const excel = `TIMESTAMP '1899-12-30' + to_seconds(CAST(round(45292.5 * 86400) AS BIGINT))`;
    expect(await read(query(excel), map)).toMatchObject([{ at: at('2024-01-01T12:00:00Z') }]);
  });

  it('a day that is not in the calendar, with a zone', async () => {
    const input = file('day.csv', HEADER, 'o1,c1,2024-13-01,1,');
    expect(await refusal(input, MAP, 'Europe/Berlin')).toContain('"2024-13-01" is no time of the calendar: write one');
  });

  it.each(['31.12.2023 10:00', '12/31/2023', '31.12.23', '20231231', '45292', '2023-12-31 10:00 PM', 'Dec 31, 2023'])(
    'the time %s, which nobody guesses, with a zone or without',
    async (time) => {
      const input = file('times.csv', HEADER, `o1,c1,"${time}",1,`);
      for (const zone of [undefined, 'Europe/Berlin'])
        expect(await refusal(input, MAP, zone)).toMatch(/^HISTORY.FLAWED_ROW times.csv, line 2, column ordered_at: "/);
    },
  );
});

async function duckdb(sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}
