import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseColumnMap } from './column-map';
import { openHistory, type HistoryOptions } from './history';
import { MOST_EVENTS, type HistorySurvey } from './survey';

const folder = mkdtempSync(join(tmpdir(), 'survey-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

async function survey(options: HistoryOptions): Promise<HistorySurvey> {
  const history = await openHistory(options);
  try {
    return await history.survey();
  } finally {
    await history.close();
  }
}

async function fingerprint(options: HistoryOptions): Promise<string> {
  const history = await openHistory(options);
  try {
    return await history.fingerprint();
  } finally {
    await history.close();
  }
}

const HEADER = 'customerId,timestamp,event,type,id,properties';
const ROWS = [
  'c1,2024-01-01T00:00:00Z,Order,,o1,',
  'c1,2024-01-02T00:00:00+01:00,Order,,o1,',
  'c2,2024-01-03T00:00:00-0130,Order,,o1,',
  'c2,2024-01-04 00:00,Visit,,,',
  'c2,1704412800000,ignored,page,p1,',
  'c2,1704412800001,as well,page,,',
  'c3,2024-01-06,Visit,,,',
  'c1,2024-01-07T00:00:00z,Order,,o1,',
];

describe('The survey of a history', () => {
  it('counts rows, customers, events, repeats, ids, and how times are stated', async () => {
    expect(await survey({ input: file('all.csv', HEADER, ...ROWS), zone: 'Europe/Berlin' })).toEqual({
      rows: 8,
      customers: 3,
      oldest: Date.UTC(2024, 0, 1),
      newest: Date.UTC(2024, 0, 7),
      zones: { utc: 2, offset: 2, zone: 2, typed: 2 },
      events: [
        { type: 'track', event: 'Order', rows: 4 },
        { type: 'page', event: null, rows: 2 },
        { type: 'track', event: 'Visit', rows: 2 },
      ],
      otherEvents: { names: 0, rows: 0 },
      repeats: 2,
      withoutId: 3,
    });
  });

  it('of no rows is of none', async () => {
    expect(await survey({ input: file('none.csv', HEADER) })).toMatchObject({
      rows: 0,
      oldest: null,
      events: [],
      repeats: 0,
    });
  });

  it.each([
    [undefined, { typed: 1, zone: 0 }],
    ['Europe/Berlin', { typed: 0, zone: 1 }],
  ])('says of TIMESTAMP with the zone %s: %j', async (zone, zones) => {
    const input = `SELECT 'c' AS "customerId", TIMESTAMP '2024-01-01' AS timestamp, 'e' AS event`;
    expect(await survey({ input, ...(zone === undefined ? {} : { zone }) })).toMatchObject({ zones, withoutId: 1 });
  });

  it('names the most frequent events, and counts the others', async () => {
    const input = `SELECT 'c' AS "customerId", make_timestamp(n * 1000000) AS timestamp, 'e' || (n % ${MOST_EVENTS + 5}) AS event FROM range(${2 * MOST_EVENTS}) t(n)`;
    const { events, otherEvents } = await survey({ input });
    expect(events).toHaveLength(MOST_EVENTS);
    expect(events[0]).toEqual({ type: 'track', event: 'e0', rows: 2 });
    expect(otherEvents).toEqual({ names: 5, rows: 5 });
  });
});

describe('The fingerprint of a history', () => {
  const base = ROWS.filter((row) => /[Zz],/.test(row));
  const of = (name: string, rows: readonly string[]): Promise<string> =>
    fingerprint({ input: file(name, HEADER, ...rows) });

  it('is the same for the same rows, whatever the file is called, and 32 hexadecimal digits', async () => {
    const first = await of('a.csv', base);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(await of('b.csv', base)).toBe(first);
  });

  it.each([
    ['a row more', [...base, base[0] ?? '']],
    ['a row fewer', base.slice(1)],
    ['rows in another order', [...base].reverse()],
    ['another customer', base.map((row) => row.replace('c1', 'c9'))],
    ['another time', base.map((row) => row.replace('07T', '08T'))],
    ['another event', base.map((row) => row.replace('Order', 'order'))],
    ['another id', base.map((row) => row.replace('o1', 'o2'))],
    ['another type', base.map((row) => row.replace('Order,,', 'Order,page,'))],
    ['another property', base.map((row) => `${row}{}`)],
    ['twice the same row, and not', ['c1,2024-01-01T00:00:00Z,Order,,o1,', ...base]],
  ])('differs for %s', async (_, rows) => {
    expect(await of('c.csv', rows)).not.toBe(await of('a.csv', base));
  });

  it('differs for another map, and for another zone', async () => {
    const input = file('map.csv', 'a,b,t', 'x,y,2024-01-01 10:00');
    const map = (customer: string) => parseColumnMap(`customer=${customer},timestamp=t,event='e'`);
    const prints = await Promise.all([
      fingerprint({ input, map: map('a'), zone: 'UTC' }),
      fingerprint({ input, map: map('b'), zone: 'UTC' }),
      fingerprint({ input, map: map('a'), zone: 'Europe/Berlin' }),
    ]);
    expect(new Set(prints).size).toBe(3);
  });
});
