import { type OutHeader, type OutRecord } from '@perennial/contracts';
import fc from 'fast-check';
import { LazyRecordBatch } from './record';
import { BatchWriter } from './record-batch';

const HEADER_BYTES = 61;
const SENDER = { producerId: 1n, producerEpoch: 0, baseSequence: 0, timestamp: 5 };
const header = { baseOffset: 100, baseTimestamp: null, appendTime: 7 };
const piece = fc.option(fc.string({ maxLength: 40 }));
const record: fc.Arbitrary<OutRecord> = fc.record({
  topic: fc.constant('t'),
  key: piece,
  value: piece,
  headers: fc.array(
    fc.record({
      name: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.uint8Array({ maxLength: 4 })),
      value: fc.option(fc.oneof(fc.string({ maxLength: 8 }), fc.uint8Array({ maxLength: 8 }))),
    }),
    { maxLength: 4 },
  ),
});

function bytesOf(records: readonly OutRecord[]): Buffer {
  const batch = new BatchWriter(1024);
  for (const each of records) batch.append(each, Number.POSITIVE_INFINITY);
  return Buffer.from(batch.finish(SENDER)).subarray(HEADER_BYTES);
}

const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString());

const hex = ({ name, value }: OutHeader) => [
  Buffer.from(name as string).toString('hex'),
  value === null ? null : Buffer.from(value as string).toString('hex'),
];

it('reads each record when it is asked for, in any order, as an array would', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 8 }), (records) => {
      const block = new LazyRecordBatch(bytesOf(records), records.length, header);
      const expected = records.map(({ key, value, headers }, index) => ({
        offset: 100 + index,
        timestamp: 7,
        key,
        value,
        headers: headers.map(hex),
      }));
      for (let index = -records.length - 1; index <= records.length; index++) {
        const found = block.at(index);
        const read = found && {
          ...found,
          key: text(found.key),
          value: text(found.value),
          headers: found.headers.map(hex),
        };
        expect(read).toEqual(expected.at(index));
      }
      expect([...block].map(({ offset }) => offset)).toEqual(expected.map(({ offset }) => offset));
    }),
  );
});

it('refuses bytes that are not so many records', () => {
  const bytes = bytesOf([
    { topic: 't', key: 'a', value: 'b', headers: [] },
    { topic: 't', key: 'c', value: 'd', headers: [] },
  ]);
  expect(() => new LazyRecordBatch(bytes, 3, header)).toThrow();
  expect(() => new LazyRecordBatch(bytes.subarray(0, -1), 2, header)).toThrow();
  bytes[0] = (bytes[0] ?? 0) + 2;
  expect(() => new LazyRecordBatch(bytes, 2, header)).toThrow(/damaged/);
});
