import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { openHistory } from './history';
import { unpackedFile } from './unpacked-file';

const folder = mkdtempSync(join(tmpdir(), 'unpacked-file-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const ROWS = Array.from({ length: 50_000 }, (_, n) => `c${n % 100},${1_704_067_200_000 + n},e${n}`);
const CSV = ['customerId,timestamp,event', ...ROWS, ''].join('\n');

/** An empty block, the last of a frame of zstd. */
const END = Buffer.from('010000', 'hex');

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function eventsOf(input: string): Promise<(string | null)[]> {
  const spillFolder = mkdtempSync(join(folder, 'spill-'));
  const history = await openHistory({ input, spillFolder });
  const events: (string | null)[] = [];
  for await (const some of history.activities()) events.push(...some.map(({ event }) => event));
  await history.close();
  expect(readdirSync(spillFolder)).toEqual([]);
  return events;
}

async function zstd(name: string, rows: number): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const to = join(folder, name);
  const from = file('plain.csv', ['customerId,timestamp,event', ...ROWS.slice(0, rows), ''].join('\n'));
  const format = name.includes('.csv') ? 'FORMAT csv, HEADER' : 'FORMAT json';
  await connection.run(`COPY (FROM read_csv('${from}', all_varchar = true)) TO '${to}' (${format}, COMPRESSION zstd)`);
  connection.closeSync();
  instance.closeSync();
  return to;
}

describe('A compressed file', () => {
  const events = ROWS.map((_, n) => `e${n}`);

  it('by gzip, in one member or several, is read as what is in it', async () => {
    expect(await eventsOf(file('one.csv.gz', gzipSync(CSV)))).toEqual(events);
    const half = CSV.length / 2;
    const members = [CSV.slice(0, half), CSV.slice(half)].map((part) => gzipSync(part));
    expect(await eventsOf(file('TWO.CSV.GZ', Buffer.concat(members)))).toEqual(events);
  });

  it('by zstd, too, and NDJSON', async () => {
    expect(await eventsOf(await zstd('one.csv.zst', ROWS.length))).toEqual(events);
    expect(await eventsOf(await zstd('one.ndjson.zst', 3))).toEqual(['e0', 'e1', 'e2']);
  });

  it('by zstd may have frames that are skipped, as those of pzstd and the seekable format', async () => {
    const packed = readFileSync(await zstd('plain.csv.zst', 3));
    const skipped = (nibble: number): Buffer => Buffer.from(`5${nibble.toString(16)}2a4d180400000001020304`, 'hex');
    for (const nibble of [0x0, 0xe, 0xf]) {
      const input = file('frames.csv.zst', Buffer.concat([skipped(nibble), packed, skipped(nibble)]));
      expect(await eventsOf(input)).toEqual(['e0', 'e1', 'e2']);
    }
  });

  it('by zstd takes little memory, however much is in it', async () => {
    const blocks = 1_500;
    const block = Buffer.from('02001020', 'hex'); // 128 KiB of blanks
    const name = 'blanks.csv.zst';
    const content = Buffer.concat([Buffer.from('28b52ffd0058', 'hex'), ...Array<Buffer>(blocks).fill(block), END]);
    const source = { kind: 'csv', name, file: file(name, content), packing: 'zst' } as const;
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const sampling = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }, 1);
    const unpacked = await unpackedFile(source, mkdtempSync(join(folder, 'blanks-')));
    clearInterval(sampling);
    const { size } = statSync(unpacked.file);
    rmSync(unpacked.file);
    expect(size).toBe(blocks * 128 * 1024);
    expect(most).toBeLessThan(size / 2);
  });

  it('is named as it is called when something is wrong with its rows', async () => {
    const input = file('bad.csv.gz', gzipSync('customerId,timestamp,event\nc1,never,e\n'));
    await expect(openHistory({ input })).rejects.toThrow('bad.csv.gz, line 2, column timestamp: "never"');
  });

  it('that is cut off or damaged is refused, and one that only says so', async () => {
    const whole = gzipSync(CSV);
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 1_000, 2_000);
    for (const [name, content] of [
      ['cut.csv.gz', whole.subarray(0, -5_000)],
      ['damaged.csv.gz', damaged],
      ['cut.csv.zst', Buffer.from('28b52ffd04580100', 'hex')],
    ] as const)
      await expect(openHistory({ input: file(name, content) })).rejects.toMatchObject({
        code: 'HISTORY.PACKED',
        message: expect.stringContaining(
          `${name} cannot be decompressed: it is cut off or damaged. Copy it again`,
        ) as string,
      });
    for (const name of ['plain.csv.gz', 'plain.csv.zst', 'plain.parquet.gz'])
      await expect(openHistory({ input: file(name, 'customerId') })).rejects.toThrow(`${name} is not compressed by`);
  });

  it('for which there is no room is refused, with the folder', async () => {
    const full = mkdtempSync(join(folder, 'full-'));
    symlinkSync('/dev/full', join(full, 'unpacked'));
    const source = { kind: 'csv', name: 'one.csv.gz', file: file('one.csv.gz', gzipSync(CSV)), packing: 'gz' } as const;
    await expect(unpackedFile(source, full)).rejects.toThrow(
      `one.csv.gz does not fit decompressed into ${full}: make room there, or name a folder on another disk in TMPDIR.`,
    );
  });

  it('is left when the signal comes', async () => {
    const stop = new AbortController();
    const opening = openHistory({ input: file('stop.csv.gz', gzipSync(CSV)), signal: stop.signal });
    stop.abort(new Error('stopped'));
    await expect(opening).rejects.toThrow('stopped');
    const source = { kind: 'csv', name: 'one.csv.gz', file: file('one.csv.gz', gzipSync(CSV)), packing: 'gz' } as const;
    const into = mkdtempSync(join(folder, 'stopped-'));
    await expect(unpackedFile(source, into, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});
