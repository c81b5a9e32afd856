import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Decompress, decompressorOf, MAX_BATCH_BYTES, recordBlocks } from './compression';
import { BLOCK_BYTES } from './record';

interface Fixture {
  readonly batches: Readonly<Record<'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd', string>>;
}
const { batches } = JSON.parse(readFileSync(join(__dirname, '../../fixtures/java-batches.json'), 'utf8')) as Fixture;
const [ATTRIBUTES_AT, RECORDS_AT] = [21, 61];
const CODECS = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 };
const MIB = 1024 * 1024;

function batchOf(codec: keyof Fixture['batches']): { readonly codec: number; readonly records: Buffer } {
  const bytes = Buffer.from(batches[codec], 'base64');
  return { codec: bytes.readInt16BE(ATTRIBUTES_AT) & 7, records: bytes.subarray(RECORDS_AT) };
}

function decompressor(codec: keyof typeof CODECS): Decompress {
  return decompressorOf(CODECS[codec]);
}

async function decompressed(codec: keyof typeof CODECS, packed: Buffer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of decompressor(codec)(packed)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('Batches of the Java client', () => {
  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('are read when they are packed with %s', async (name) => {
    const { codec, records } = batchOf(name);
    const plain = batchOf('none').records;
    expect(codec).toBe(CODECS[name]);
    expect(records.length).toBeLessThan(plain.length);
    expect((await decompressed(name, records)).equals(plain)).toBe(true);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('fail to be read when one of %s is cut off', async (name) => {
    const { records } = batchOf(name);
    await expect(decompressed(name, records.subarray(0, records.length / 2))).rejects.toThrow();
  });

  it('of a codec that is not known are refused', () => {
    expect(() => decompressorOf(5)).toThrow('its codec 5 is not known');
  });
});

describe('What the reference tools pack', () => {
  const plain = Array.from({ length: 60_000 }, (_, i) => String(i % 50)).join('');

  it('is read with lz4 blocks that point into earlier ones (lz4 -BD -B4)', async () => {
    const runs = (length: number) => '/'.repeat(length);
    const packed = Buffer.from(
      'BCJNGERAXmUBAAD/SzAxMjM0NTY3ODkxMDExMTIxMzE0MTUxNjE3MTgxOTIwMjEyMjIzMjQyNTI2MjcyODI5MzAzMTMyMzMzNDM1MzYzNzM4' +
        `Mzk0MDQxNDI0MzQ0NDU0NjQ3NDg0OVoA${runs(341)}45QMDExMTKwAAAAD/D${runs(222)}25QNzQ4NDkAAAAAvSZ5BQ==`,
      'base64',
    );
    expect((await decompressed('lz4', packed)).toString()).toBe(plain);
  });

  it('is read with a zstd window larger than any that is kept, as long as it is not filled (zstd --ultra -22)', async () => {
    const packed = Buffer.from(
      'KLUv/QCI1QEAosULCrC5AWS3yN1J3AlV6lQabdn1QovEoTBYkuME1mgzWazjtger6VmOO98PF41EuSEBANpgaZeHKA==',
      'base64',
    );
    expect((await decompressed('zstd', packed)).toString()).toBe(plain);
  });
});

/** A frame of runs of blanks, 128 KiB for 4 bytes each: the most that zstd packs. */
function blanksInZstd(blocks: number, windowDescriptor = 0x38, blockBytes = 128 * 1024): Buffer {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, windowDescriptor]);
  const run = (isLast: boolean): Buffer => {
    const block = Buffer.alloc(4, ' ');
    block.writeUIntLE((blockBytes << 3) | (1 << 1) | Number(isLast), 0, 3);
    return block;
  };
  return Buffer.concat([head, ...Array.from({ length: blocks }, (_, index) => run(index === blocks - 1))]);
}

describe('What claims to be more than it can be is refused before room is made for it:', () => {
  it('a block of snappy', async () => {
    const claim = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0x00, 0x41]);
    await expect(decompressed('snappy', claim)).rejects.toThrow(/claim to be 2147483647 unpacked/);
  });

  it('a block of lz4 whose match goes on for 255 bytes with each byte', async () => {
    const sequence = Buffer.concat([Buffer.from([0x1f, 0x41, 0x01, 0x00]), Buffer.alloc(MIB, 0xff), Buffer.from([0])]);
    const head = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x00]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(sequence.length);
    await expect(decompressed('lz4', Buffer.concat([head, length, sequence]))).rejects.toThrow(
      /longer than its frame allows/,
    );
  });

  it('a block of zstd', async () => {
    await expect(decompressed('zstd', blanksInZstd(1, 0x38, 128 * 1024 + 1))).rejects.toThrow(/longer than it may be/);
  });

  it('a window of zstd, once it is needed', async () => {
    const window128MiB = (27 - 10) << 3;
    expect(await decompressed('zstd', blanksInZstd(64, window128MiB))).toHaveLength(8 * MIB);
    await expect(decompressed('zstd', blanksInZstd(65, window128MiB))).rejects.toThrow(/a window of 134217728 bytes/);
  });
});

/** Record number `index`: a value of so many blanks, without key and headers. */
function record(index: number, blanks: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0, 0]),
    varint(index),
    varint(-1),
    varint(blanks),
    Buffer.alloc(blanks, ' '),
    varint(0),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value < 0 ? -2 * value - 1 : 2 * value; ; left = Math.floor(left / 128)) {
    bytes.push(left < 128 ? left : (left & 127) | 128);
    if (left < 128) return Buffer.from(bytes);
  }
}

const HEADER = { baseOffset: 100, baseTimestamp: null, appendTime: 1 };

async function blocksOf(chunks: Iterable<Buffer> | AsyncIterable<Buffer>, count: number) {
  const blocks: { readonly offsets: number[]; readonly bytes: number }[] = [];
  for await (const { records, bytes } of recordBlocks(chunks, count, HEADER)) {
    blocks.push({ offsets: [...records].map(({ offset }) => offset), bytes });
  }
  return blocks;
}

describe('The records of a packed batch', () => {
  it('come a block at a time, whatever the batch unpacks to, and the event loop has its turn in between', async () => {
    const packed = gzipSync(Buffer.concat(Array.from({ length: 30 }, (_, index) => record(index, MIB))));
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    });
    const blocks = await blocksOf(decompressor('gzip')(packed), 30);
    clearInterval(counting);
    expect(blocks.flatMap(({ offsets }) => offsets)).toEqual(Array.from({ length: 30 }, (_, index) => 100 + index));
    expect(Math.max(...blocks.map(({ bytes }) => bytes))).toBeLessThan(2 * BLOCK_BYTES);
    expect(turns).toBeGreaterThan(10);
  });

  it('are unpacked no further than they are asked for', async () => {
    const packed = gzipSync(Buffer.concat(Array.from({ length: 50 }, (_, index) => record(index, MIB))));
    let chunks = 0;
    async function* counted(): AsyncGenerator<Buffer> {
      for await (const chunk of decompressor('gzip')(packed)) {
        chunks += 1;
        yield chunk;
      }
    }
    const blocks = recordBlocks(counted(), 50, HEADER);
    await blocks.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(chunks).toBeLessThan(40);
    await blocks.return(undefined);
  });

  it('are the same wherever the chunks end', async () => {
    const bytes = Buffer.concat(Array.from({ length: 300 }, (_, index) => record(index, index * 50)));
    for (const size of [1_000, 70_001, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      const offsets = (await blocksOf(chunks, 300)).flatMap((block) => block.offsets);
      expect(offsets).toEqual(Array.from({ length: 300 }, (_, index) => 100 + index));
    }
  });

  it('are refused when they are fewer than the batch says, or end too early', async () => {
    const bytes = Buffer.concat([record(0, 10), record(1, 10)]);
    await expect(blocksOf([bytes], 3)).rejects.toThrow();
    await expect(blocksOf([bytes.subarray(0, -1)], 2)).rejects.toThrow();
  });

  it('are refused when one is larger than any may be, before it is unpacked', async () => {
    const blanks = 17 * MIB;
    let chunks = 0;
    function* huge(): Generator<Buffer> {
      yield Buffer.concat([record(0, MIB), varint(blanks)]);
      for (; chunks < 17; chunks++) yield Buffer.alloc(MIB, ' ');
    }
    const seen: number[] = [];
    const reading = async () => {
      for await (const { records } of recordBlocks(huge(), 2, HEADER)) seen.push(records.length);
    };
    await expect(reading()).rejects.toThrow(`a record in it has ${blanks} bytes, more than ${16 * MIB}`);
    expect(seen).toEqual([1]);
    expect(chunks).toBeLessThan(3);
  });

  it('end the batch: what is packed behind the last one is not unpacked', async () => {
    let chunks = 0;
    function* trailing(): Generator<Buffer> {
      yield record(0, 10);
      for (; chunks < 64; chunks++) yield Buffer.alloc(MIB, ' ');
    }
    const blocks = await blocksOf(trailing(), 1);
    expect(blocks.flatMap(({ offsets }) => offsets)).toEqual([100]);
    expect(chunks).toBeLessThan(3);
  });

  it('are refused when all together unpack to more than a batch may', async () => {
    function* endless(): Generator<Buffer> {
      for (let index = 0; ; index++) yield record(index, MIB);
    }
    await expect(blocksOf(endless(), 10_000)).rejects.toThrow(`it unpacks to more than ${MAX_BATCH_BYTES} bytes`);
  });
});
