import type { OutRecord } from '@perennial/contracts';
import fc from 'fast-check';
import Decoder from 'kafkajs/src/protocol/decoder';
import decodeBatch from 'kafkajs/src/protocol/recordBatch/v0/decoder';
import { BatchWriter } from './batch-writer';
import { crc32c } from './crc32c';

const NO_LIMIT = Number.POSITIVE_INFINITY;
const STAMP = { producerId: 4_711n, producerEpoch: 3, sequence: 9, timestamp: 1_700_000_000_000 };

const text = fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 300 }));
/** kafkajs mistakes a header that is called as a member of every object for one that comes twice. */
const name = text.filter((candidate) => !(candidate in {}));
const record: fc.Arbitrary<OutRecord> = fc.record({
  topic: fc.constant('t'),
  key: fc.option(fc.oneof(text, fc.uint8Array())),
  value: fc.option(fc.oneof(text, fc.uint8Array({ maxLength: 20_000 }))),
  headers: fc.dictionary(name, text),
});
const bytesOf = (piece: string | Uint8Array | null): string | null =>
  piece === null ? null : Buffer.from(piece as string).toString('hex');

describe('A batch', () => {
  it('is read by kafkajs as what was written, whatever it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 12 }), async (records) => {
        const writer = new BatchWriter(64);
        for (const one of records) expect(writer.append(one, NO_LIMIT)).toBe(true);
        const bytes = Buffer.from(writer.finish(STAMP));
        const read = await decodeBatch(new Decoder(bytes));
        expect(bytes.readUInt32BE(17)).toBe(crc32c(bytes, 21, bytes.length));
        expect(read.records.map(({ offset }) => Number(offset))).toEqual(records.map((_, index) => index));
        expect(
          read.records.map(({ key, value, headers }) => ({
            key: bytesOf(key),
            value: bytesOf(value),
            headers: Object.fromEntries(Object.entries(headers).map(([name, found]) => [name, found.toString()])),
          })),
        ).toEqual(records.map(({ key, value, headers }) => ({ key: bytesOf(key), value: bytesOf(value), headers })));
      }),
    );
  });

  it('takes no record that makes it longer than the limit, but for a first one', () => {
    const large = { topic: 't', key: null, value: 'x'.repeat(600), headers: {} };
    const writer = new BatchWriter(64);
    expect([writer.append(large, 500), writer.append(large, 1_000), writer.count]).toEqual([true, false, 1]);
    expect(writer.append({ ...large, value: 'y' }, 1_000)).toBe(true);
  });

  it('carries the checksum of the standard', () => {
    expect(crc32c(Buffer.from('123456789'), 0, 9)).toBe(0xe3069283);
  });
});
