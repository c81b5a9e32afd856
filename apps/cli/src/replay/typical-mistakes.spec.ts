/** What people typically get wrong with `replay` and its files, and what they are told: what, where, and the remedy. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runProgram } from '../testing/run-program';

const folder = mkdtempSync(join(tmpdir(), 'typical-mistakes-'));
const before = process.cwd();
const HEADER = 'customerId,timestamp,event,type,id,properties';
const GOOD = 'c1,2024-01-01T00:00:00Z,Order Completed,,,';
const OBJECT = '{"customerId":"c1","timestamp":"2024-01-01T00:00:00Z","event":"e"}\n';

beforeAll(() => {
  process.chdir(folder);
  writeFileSync('good.csv', `${HEADER}\n${GOOD}\n`);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

async function told(content: string | Buffer | null, file: string, ...more: readonly string[]) {
  if (content !== null) writeFileSync(file, content);
  return await runProgram('replay', '--definition', 'retail', '--input', file, ...more);
}

describe('A row of a history:', () => {
  it.each([
    ['2024-02-30T00:00:00Z', 'names 30 February 2024, which does not exist: write a day of the calendar'],
    ['2023-02-29T00:00:00Z', 'names 29 February 2023, which does not exist'],
    ['2024-04-31', 'names 31 April 2024, which does not exist'],
    ['2024-01-01', 'is a day without a time: add it, with a zone'],
    ['2024-01-01T10:00:00', 'is without a zone: add Z for UTC'],
    ['2024-13-01T10:00:00Z', 'is no time of the calendar: write one that is'],
    ['2024-01-01T25:00:00Z', 'is no time of the calendar'],
    [
      '01/02/2024 10:00',
      'is no time in RFC 3339: write it with a zone, such as 2010-12-01T08:26:00Z, or read it with strptime',
    ],
    ['1704067200', 'is a number, but not of 12 to 15 digits: write whole milliseconds since 1970'],
    ['1704067200000000', 'is a number, but not of 12 to 15 digits'],
    ['45292.5', 'is a number'],
    ['9999-12-31T00:00:00Z', 'is later than the year 8999; leave out times'],
  ])('the time %s', async (time, says) => {
    const { said, code } = await told(`${HEADER}\n${GOOD}\nc1,${time},e,,,\n`, 'time.csv');
    expect(code).toBe(2);
    expect(said).toContain(`time.csv, line 3, column timestamp: "${time}" ${says}`);
  });
});

describe('An --until:', () => {
  it.each([
    ['2024-02-30T00:00:00Z', 'names 30 February 2024, which does not exist'],
    ['2024-06-30', 'is a day without a time: add it, with a zone'],
    ['2024-06-30T23:59:59', 'is without a zone: add Z'],
    ['1704067200000', 'is no time in RFC 3339: write it with a zone'],
    ['9999-12-31T00:00:00Z', 'is later than the year 8999: write an earlier time'],
  ])('%s', async (until, says) => {
    const { said, code } = await told(null, 'good.csv', '--until', until);
    expect([code, said]).toEqual([2, expect.stringContaining(`--until ${until} ${says}`)]);
  });

  it('that is empty', async () => {
    expect((await told(null, 'good.csv', '--until', '')).said).toContain('--until is empty: write RFC 3339');
  });
});

describe('Columns:', () => {
  it.each([
    [
      'of another spelling',
      'customer_id,Timestamp,event_name',
      '(did you mean "customer_id" for customerId, "Timestamp" for timestamp, "event_name" for event?)',
    ],
    [
      'with blanks around',
      'customerId , timestamp,event',
      'found "customerId ", " timestamp", event (did you mean "customerId " for',
    ],
    [
      'that would be left out',
      'customerId,timestamp,event,Properties',
      'the column "Properties" is not read as properties; rename it',
    ],
    [
      'between semicolons',
      'customerId;timestamp;event',
      `line 1 separates columns by ";"; save the file with commas, or read it with a query (SELECT * FROM read_csv('columns.csv', delim = ';'))`,
    ],
    ['between tabs', 'customerId\ttimestamp\tevent', 'separates columns by tabs; save the file with commas'],
    ['that have no name like ours', 'a,b', 'found a, b. A history has customerId, timestamp, event and may have'],
  ])('%s', async (_, header, says) => {
    const { said, code } = await told(`${header}\nc1,2024-01-01T00:00:00Z,e,x\n`, 'columns.csv');
    expect([code, said]).toEqual([2, expect.stringContaining(says)]);
    expect(said).toContain('columns.csv');
  });

  it('that --map names, wrongly or rightly', async () => {
    const orders = 'no,buyer,day,total\n1,c1,2024-01-01,10\n';
    const map = (customer: string): string => `customer=${customer},timestamp=day,event='Order Completed',total=total`;
    const unknown = await told(orders, 'buyers.csv', '--map', map('byer'));
    expect(unknown).toMatchObject({ code: 2, said: expect.stringContaining('(did you mean "buyer"?)') as string });
    const half = await told(orders, 'buyers.csv', '--map', 'customer=buyer');
    expect(half).toMatchObject({ code: 2, said: expect.stringContaining('--map lacks timestamp, event') as string });
    const zoneless = await told(orders, 'buyers.csv', '--map', map('buyer'));
    expect(zoneless).toMatchObject({
      code: 2,
      said: expect.stringContaining('the zone with --zone Europe/Berlin') as string,
    });
    const nowhere = await told(orders, 'buyers.csv', '--map', map('buyer'), '--zone', 'Berlin');
    expect(nowhere).toMatchObject({ code: 2, said: expect.stringContaining('Did you mean Europe/Berlin?') as string });
    const right = await told(orders, 'buyers.csv', '--map', map('buyer'), '--zone', 'Europe/Berlin');
    expect(right).toMatchObject({
      code: 0,
      out: expect.stringContaining('clock at 2023-12-31T23:00:00.000Z') as string,
    });
  });

  it('of another spelling in NDJSON', async () => {
    const { said, code } = await told(OBJECT.replace('customerId', 'userId'), 'columns.ndjson');
    expect([code, said]).toEqual([2, expect.stringContaining('(did you mean "userId" for customerId?)')]);
  });
});

describe('A file:', () => {
  it.each<[string, string | Buffer | null, string, string]>([
    ['that is not there', null, 'nowhere.csv', 'there is no such file or folder: '],
    ['in no folder', null, 'nowhere/orders.csv', 'there is no such file or folder: '],
    ['whose folder is a file', null, 'good.csv/orders.csv', 'a part of its path is no folder: '],
    [
      'that is empty',
      '',
      'empty.csv',
      'empty.csv, line 1 is not there: the file is empty; the first line names the columns',
    ],
    ['that begins with a blank line', `\n${HEADER}\n`, 'late.csv', 'late.csv, line 1 is blank; the first line names'],
    ['that is packed by zip', HEADER, 'orders.csv.zip', '"orders.csv.zip" is compressed: unpack it'],
    ['that says it is packed and is not', HEADER, 'plain.csv.gz', 'plain.csv.gz is not compressed by gzip: name it by'],
    ['of a query that is packed', gzipSync('SELECT 1'), 'query.sql.gz', '"query.sql.gz" is compressed: unpack it'],
    [
      'that is packed without saying so',
      gzipSync(HEADER),
      'packed.csv',
      'line 1 is not text in UTF-8; save the file as UTF-8, and unpack it',
    ],
    ['of another ending', HEADER, 'orders.txt', '"orders.txt" is neither a file that ends in .csv, .ndjson'],
    ['of JSON that says it is CSV', OBJECT, 'json.csv', 'line 1 is JSON; name a file of one object a line .ndjson'],
    [
      'of CSV that says it is NDJSON',
      HEADER,
      'csv.ndjson',
      'csv.ndjson, line 1 is no JSON object; every line of an NDJSON file is one',
    ],
    [
      'of a list',
      `[\n${OBJECT}]\n`,
      'list.ndjson',
      'line 1 is no JSON object; every line of an NDJSON file is one; write a list as its objects',
    ],
    [
      'of CSV that says it is Parquet',
      HEADER,
      'csv.parquet',
      'csv.parquet is no Parquet file: write it again, or name it by what it is',
    ],
    [
      'of Parquet that was cut',
      'PAR1 and so on',
      'cut.parquet',
      'cut.parquet is a Parquet file whose end is missing: write it again',
    ],
    ['of a query that is empty', ' \n', 'empty.sql', 'empty.sql is empty: write a query'],
    ['of a query that is no text', gzipSync('SELECT 1'), 'packed.sql', 'is not text in UTF-8'],
    [
      'that a query does not find',
      `FROM 'nowhere.csv'`,
      'files.sql',
      'check the path: it begins at the working directory',
    ],
    [
      'that a query cannot read',
      'SELECT who FROM (SELECT 1 AS a)',
      'who.sql',
      'who.sql: DuckDB refuses it: Binder Error: Referenced column "who"',
    ],
  ])('%s', async (_, content, file, says) => {
    const { said, out, code } = await told(content, file);
    expect([code, out, said]).toEqual([2, '', expect.stringContaining(says)]);
    expect(said.length).toBeLessThan(700);
  });

  it.each(['folder', 'folder.csv'])('that is the folder %s', async (name) => {
    mkdirSync(name);
    expect(await told(null, name)).toMatchObject({
      code: 2,
      said: expect.stringContaining('is a folder. Name a file in it.') as string,
    });
  });

  it.each([
    ['none.csv', `${HEADER}\n`],
    ['none.ndjson', '\n'],
    ['none.csv.gz', gzipSync(`${HEADER}\n`)],
  ])('without rows, %s, is no mistake, and is named', async (name, content) => {
    const { said, code } = await told(content, name);
    expect([code, said]).toEqual([0, `${name} has no rows; the result is that of nobody.\n`]);
  });
});

describe('A file to write:', () => {
  it.each([
    ['folder.out', 'it is a folder: "folder.out"'],
    ['nowhere/states.ndjson', 'there is no such file or folder: "nowhere/states.ndjson"'],
    ['', 'there is no such file or folder: ""'],
  ])('--states %j', async (states, says) => {
    if (states === 'folder.out') mkdirSync(states);
    const { said, code } = await told(null, 'good.csv', '--states', states);
    expect([code, said]).toEqual([2, expect.stringContaining(`The output cannot be written: ${says}. Check the path`)]);
  });

  it('that is the input', async () => {
    expect((await told(null, 'good.csv', '--states', 'good.csv')).said).toContain('is named twice; give --facts');
  });
});

describe('A definition:', () => {
  const valid = (amount: string): string =>
    `kind: Lifecycle\nname: shop\nversion: 1\nactivity:\n  - { event: Order, role: purchase, amount: ${amount} }\n`;

  it.each([
    [
      'retial',
      null,
      'The definition retial cannot be read: there is no such file or folder. Give the path of a definition, - for stdin, or the name of a template: retail, b2b-saas, telecom.',
    ],
    ['nowhere.yaml', null, 'The definition nowhere.yaml cannot be read: there is no such file'],
    ['.', null, 'The definition . cannot be read: it is a folder.'],
    ['good.csv', null, 'good.csv:1:1: error DEFINITION.TYPE'],
    ['packed.yaml', gzipSync('kind'), 'packed.yaml:1:1: error DEFINITION.ENCODING'],
    ['blank.yaml', valid('event.properties.Order Total'), `event.properties["Order Total"]`],
  ])('%s', async (definition, content, says) => {
    if (content !== null) writeFileSync(definition, content);
    const { said, code } = await runProgram('replay', '--definition', definition, '--input', 'good.csv');
    expect([code, said]).toEqual([2, expect.stringContaining(says)]);
  });
});
