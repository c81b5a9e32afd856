import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import { registerCodecs, type Codec } from './codecs';

interface Fixture {
  readonly batches: Readonly<Record<'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd', string>>;
}

const { batches } = JSON.parse(readFileSync(join(__dirname, 'fixtures/java-batches.json'), 'utf8')) as Fixture;

const ATTRIBUTES_AT = 21;
const RECORDS_AT = 61;

function batchOf(codec: keyof Fixture['batches']): { codec: number; records: Buffer } {
  const bytes = Buffer.from(batches[codec], 'base64');
  return { codec: bytes.readInt16BE(ATTRIBUTES_AT) & 7, records: bytes.subarray(RECORDS_AT) };
}

function registered(type: number): Codec {
  const codec = (CompressionCodecs as Record<number, (() => Codec) | undefined>)[type];
  if (codec === undefined) throw new Error(`no codec ${type}`);
  return codec();
}

describe('Batches of the Java client', () => {
  beforeAll(registerCodecs);

  it.each(['snappy', 'lz4', 'zstd'] as const)('are read when they are packed with %s', async (name) => {
    const { codec, records } = batchOf(name);
    const plain = batchOf('none').records;
    expect(records.length).toBeLessThan(plain.length);
    expect((await registered(codec).decompress(records)).equals(plain)).toBe(true);
  });

  it.each(['snappy', 'zstd'] as const)('fail to be read when a %s one is damaged', async (name) => {
    const { codec, records } = batchOf(name);
    const unpack = async () => registered(codec).decompress(records.subarray(0, 20));
    await expect(unpack()).rejects.toThrow();
  });

  it('are not written with the codecs that can only be read', async () => {
    const nothing = { buffer: Buffer.alloc(0) };
    await expect(registered(CompressionTypes.LZ4).compress(nothing)).rejects.toThrow(/lz4 can be read here/);
    await expect(registered(CompressionTypes.ZSTD).compress(nothing)).rejects.toThrow(/zstd can be read here/);
  });
});
