import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InvalidInput } from '@perennial/values';
import { openHistory } from './history';

const folder = mkdtempSync(join(tmpdir(), 'bad-history-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string | Buffer): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** What a refusal says; the history is opened and read to its end. */
async function refusal(input: string): Promise<string> {
  try {
    const history = await openHistory({ input });
    try {
      for await (const some of history.activities()) expect(some).not.toHaveLength(0);
    } finally {
      await history.close();
    }
  } catch (error) {
    if (error instanceof InvalidInput) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

const HEADER = 'customerId,timestamp,event,type,id,properties';
const GOOD = 'c1,2024-01-01T00:00:00Z,Order Completed,,,';
const csvRefusal = (...rows: readonly string[]): Promise<string> =>
  refusal(file('orders.csv', [HEADER, GOOD, ...rows, ''].join('\n')));

describe('A bad row is refused with file, line, column and remedy, whatever comes before it:', () => {
  it.each([
    ['c1,yesterday,e,,,', 'line 3, column timestamp: "yesterday" is no time in RFC 3339: write it with a zone'],
    ['c1,2024-01-01T00:00:00,e,,,', 'line 3, column timestamp: "2024-01-01T00:00:00" is without a zone: add Z'],
    [
      'c1,2024-02-30T00:00:00Z,e,,,',
      'line 3, column timestamp: "2024-02-30T00:00:00Z" names 30 February 2024, which does not exist',
    ],
    ['c1,1704067200,e,,,', 'line 3, column timestamp: "1704067200" is a number, but not of 12 to 15 digits: write'],
    ['c1,999999999999999,e,,,', 'line 3, column timestamp: "999999999999999" is later than the year 8999'],
    ['c1,,e,,,', 'line 3, column timestamp: is empty'],
    [',2024-01-01T00:00:00Z,e,,,', 'line 3, column customerId: is empty'],
    ['"",2024-01-01T00:00:00Z,e,,,', 'line 3, column customerId: is empty'],
    [`${'x'.repeat(257)},2024-01-01T00:00:00Z,e,,,`, 'is longer than 256 characters'],
    [`c1,2024-01-01T00:00:00Z,${'x'.repeat(257)},,,`, 'is longer than 256 characters'],
    [`c1,2024-01-01T00:00:00Z,e,,${'x'.repeat(257)},`, 'is longer than 256 characters'],
    ['c1,2024-01-01T00:00:00Z,,,,', 'line 3, column event: is empty; an activity of type track has a name'],
    ['c1,2024-01-01T00:00:00Z,e,trak,,', 'line 3, column type: "trak" is none of track, identify, page'],
    ['c1,2024-01-01T00:00:00Z,e,,,[1]', 'line 3, column properties: "[1]" is no JSON object'],
    ['c1,2024-01-01T00:00:00Z,e,,,{total: 1}', 'line 3, column properties: "{total: 1}" is no JSON object'],
    ['c1,2024-01-01T00:00:00Z,e,,,{"a":NaN}', 'line 3, column properties: "{"a":NaN}" is no JSON'],
  ])('%s', async (row, says) => {
    // CSV quotes for what has them inside.
    const cells = row.includes('{"') ? row.replace(/\{.*\}/, (json) => `"${json.replaceAll('"', '""')}"`) : row;
    const message = await csvRefusal(cells, GOOD);
    expect(message).toContain('HISTORY.FLAWED_ROW orders.csv, line 3');
    expect(message).toContain(says);
  });

  it('the first one in the order of the file', async () => {
    const later = 'c1,2024-01-01T00:00:00Z,e,wrong,,';
    expect(await csvRefusal(GOOD, 'c1,never,e,,,', later)).toContain('line 4, column timestamp: "never"');
  });

  it('numbers that are seconds, of a query', async () => {
    const query = `SELECT 'c' AS "customerId", 1704067200 AS timestamp, 'e' AS event`;
    expect(await refusal(query)).toContain('the query, row 1, column timestamp: "1704067200" is a number');
  });

  it('a character that no database takes', async () => {
    const query = `SELECT 'c' || chr(0) AS "customerId", now() AS timestamp, 'e' AS event`;
    expect(await refusal(query)).toContain('column customerId: "c\\u0000" contains the character U+0000');
  });

  it('a time without end', async () => {
    const query = `SELECT 'c' AS "customerId", 'infinity'::TIMESTAMP AS timestamp, 'e' AS event`;
    expect(await refusal(query)).toContain('column timestamp: "infinity" is no time in RFC 3339');
  });
});

describe('A file that is no history is refused:', () => {
  it('one that is not there', async () => {
    expect(await refusal(join(folder, 'nowhere.csv'))).toMatch(/^HISTORY.UNREADABLE .*no such file.*nowhere.csv/);
  });

  it('a folder', async () => {
    mkdirSync(join(folder, 'folder.csv'));
    expect(await refusal(join(folder, 'folder.csv'))).toBe(
      `HISTORY.UNREADABLE The input cannot be read: ${join(folder, 'folder.csv')} is a folder. Name a file in it.`,
    );
  });

  it('something that is neither a file nor a query', async () => {
    expect(await refusal('orders.xlsx')).toContain(
      'HISTORY.UNKNOWN_INPUT "orders.xlsx" is neither a file that ends in',
    );
  });

  it('one without the columns, with those it has', async () => {
    const message = await refusal(file('other.csv', 'customer,timestamp,what\nc1,2024-01-01T00:00:00Z,e\n'));
    expect(message).toContain(
      'HISTORY.COLUMN_MISSING other.csv: no column customerId, event; found customer, timestamp, what (did you mean "customer" for customerId?).',
    );
    expect(message).toContain('map them with a query');
    const json = await refusal(file('other.ndjson', '{"customerId":"c1","time":1}\n'));
    expect(json).toContain('other.ndjson: no column timestamp, event; found customerId, time (did you mean');
    expect(await refusal(file('nothing.csv', ''))).toContain('nothing.csv, line 1 is not there: the file is empty');
  });

  it('one with a column twice', async () => {
    const twice = file('twice.csv', 'customerId,timestamp,event,event\nc1,2024-01-01T00:00:00Z,a,b\n');
    expect(await refusal(twice)).toContain('HISTORY.COLUMN_TWICE twice.csv: there are two columns event');
  });

  it.each([
    ['c1,2024-01-01T00:00:00Z', 'line 3 has 2 values, the header has 6; a row has a value for each column'],
    [`${GOOD},more`, 'line 3 has 7 values, the header has 6'],
    ['   ', 'line 3 has 1 value, the header has 6'],
    ['"c1,2024-01-01T00:00:00Z', 'line 3 opens a quote that is never closed; close it'],
    ['c1,2024-01-01T00:00:00Z,"a"b,,,', 'line 3 has text after a closing quote'],
    ['c1,2024-01-01T00:00:00Z,a\rb,,,', 'line 3 has a carriage return outside quotes that ends no line'],
    [`"a\nb\r\nc",1704067200000,e,,,\n\n"x`, 'line 7 opens a quote'],
  ])('a CSV line such as %j, by its line', async (row, says) => {
    expect(await csvRefusal(row, GOOD)).toContain(`HISTORY.BROKEN_LINE orders.csv, ${says}`);
  });

  it('a CSV row beyond 16 MiB, by its line, with its beginning; up to there it is taken', async () => {
    const row = (length: number): string => `c1,2024-01-01T00:00:00Z,e,,,"{""a"":""${'x'.repeat(length)}""}"`;
    expect(await csvRefusal(row(3_000_000))).toBe('accepted');
    const message = await csvRefusal(row(17_000_000));
    expect(message).toMatch(/^HISTORY.BROKEN_LINE orders.csv, line 3 is longer than 16 MiB; shorten it: c1,2024/);
    expect(message.length).toBeLessThan(400);
  });

  it('a row of a CSV file is named by its line, whatever line breaks stand in quotes before it', async () => {
    expect(await csvRefusal('c1,1704067200000,"a\r\nb\nc",,,', '', 'c1,never,e,,,')).toContain(
      'orders.csv, line 7, column',
    );
  });

  it('text that is not UTF-8, by its line', async () => {
    const latin = Buffer.concat([Buffer.from(`${HEADER}\nc`), Buffer.from([0xe9]), Buffer.from(`${GOOD.slice(2)}\n`)]);
    expect(await refusal(file('latin.csv', latin))).toContain('BROKEN_LINE latin.csv, line 2 is not text in UTF-8');
    const object = '{"customerId":"c1","timestamp":"2024-01-01T00:00:00Z","event":"e"}\n';
    const broken = Buffer.from(object.replace('"e"', '"\u00e9"'), 'latin1');
    const json = Buffer.concat([Buffer.from(object), broken, Buffer.from(object)]);
    expect(await refusal(file('latin.ndjson', json))).toContain(
      'BROKEN_LINE latin.ndjson, line 2 is not text in UTF-8',
    );
    expect(await refusal(file('wide.csv', Buffer.from(HEADER, 'utf16le')))).toContain('line 1 is not text in UTF-8');
    expect(await refusal(file('zip.csv', gzipSync(HEADER)))).toContain('line 1 is not text in UTF-8; save the file as');
  });

  it('a CSV header that begins later, or with a line break in a name', async () => {
    expect(await refusal(file('late.csv', `\n${HEADER}\n${GOOD}\n`))).toContain('late.csv, line 1 is blank');
    expect(await refusal(file('split.csv', `"no\nte",${HEADER}\nx,${GOOD}\n`))).toContain(
      'split.csv, line 1 names a column with a line break, "no\\u000ate"; rename it',
    );
  });

  it.each(['{"customerId": }', '17', '{"customerId":"c"} x'])('an NDJSON line such as %s, by its line', async (bad) => {
    const good = '{"customerId":"c1","timestamp":"2024-01-01T00:00:00Z","event":"e"}';
    const says = `is no JSON object; every line of an NDJSON file is one: ${bad}`;
    expect(await refusal(file('late.ndjson', `${good}\n\n${bad}\n${good}\n`))).toBe(
      `HISTORY.BROKEN_LINE late.ndjson, line 3 ${says}`,
    );
    expect(await refusal(file('first.ndjson', `${bad}\n`))).toBe(`HISTORY.BROKEN_LINE first.ndjson, line 1 ${says}`);
    expect(await refusal(file('blank.ndjson', `\n  \n\n${bad}\n`))).toContain('blank.ndjson, line 4 is no JSON object');
  });

  it('an NDJSON text of which half a character is missing, by its line', async () => {
    const good = '{"customerId":"c1","timestamp":"2024-01-01T00:00:00Z","event":"e"}';
    const bad = good.replace('c1', String.raw`c\ud800`);
    expect(await refusal(file('half.ndjson', `${good}\n\n${bad}\n`))).toBe(
      String.raw`HISTORY.FLAWED_ROW half.ndjson, line 3, column customerId: "c\ud800" contains half of a character (a lone surrogate), which PostgreSQL cannot store; remove it.`,
    );
  });

  it('one that only says it is Parquet', async () => {
    expect(await refusal(file('not.parquet', 'PAR'))).toContain(
      'HISTORY.NO_PARQUET not.parquet is no Parquet file: write it',
    );
  });
});

describe('A query that is none is refused:', () => {
  it('with the line that DuckDB names', async () => {
    expect(await refusal('SELECT 1\nFORM x y z')).toMatch(/^HISTORY.REFUSED the query: .*syntax error.*LINE 2/s);
  });

  it('with its own text, not the statement it is part of', async () => {
    expect(await refusal('SELECT 1 FORM x y')).toMatch(/^LINE 1: SELECT 1 FORM x y$/m);
    expect(await refusal('SELECT 1,\nnothing')).toMatch(/^LINE 2: nothing$/m);
    const cast = `SELECT 'c' AS "customerId", CAST('never' AS TIMESTAMP) AS timestamp, 'e' AS event`;
    for (const input of ['SELECT 1 FORM x', '-- nothing', cast]) {
      const message = await refusal(input);
      expect(message).toContain('HISTORY.REFUSED');
      expect(message).not.toMatch(/CREATE|DESCRIBE|WITH numbered/);
    }
  });

  it('when it has several statements, and none of them runs', async () => {
    const victim = file('victim.csv', 'kept');
    const query = `SELECT 1; COPY (SELECT 2) TO '${victim}'`;
    expect(await refusal(query)).toContain('HISTORY.SEVERAL_STATEMENTS the query: there are 2 statements');
  });

  it('when it does not select', async () => {
    expect(await refusal(file('copy.sql', `COPY (SELECT 2) TO '${join(folder, 'x.csv')}'`))).toContain('syntax error');
    expect(await refusal(file('empty.sql', '-- nothing\n'))).toContain('syntax error');
  });

  it('when a column has a type that says something else', async () => {
    const query = `SELECT 17850.0::DOUBLE AS "customerId", now() AS timestamp, 'e' AS event`;
    expect(await refusal(query)).toContain('HISTORY.COLUMN_TYPE the query: column customerId is DOUBLE');
  });

  it('when it wants the network: no extension is fetched', async () => {
    expect(await refusal(`FROM 'https://192.0.2.1/orders.csv'`)).toContain('requires the extension httpfs');
  });
});
