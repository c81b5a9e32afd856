import {
  type Fact,
  FACT_TOPICS,
  type OutHeaders,
  type OutRecord,
  type StageChanged,
  type Stamp,
  type StatedFact,
  TOPIC,
  written,
} from '@perennial/contracts';
import fc from 'fast-check';
import Decoder from 'kafkajs/src/protocol/decoder';
import decodeBatch from 'kafkajs/src/protocol/recordBatch/v0/decoder';
import { crc32c } from './crc32c';
import { BatchWriter } from './record-batch';

const NO_LIMIT = Number.POSITIVE_INFINITY;
const SENDER = { producerId: 4_711n, producerEpoch: 3, baseSequence: 9, timestamp: 1_700_000_000_000 };

const text = fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 300 }));
/** kafkajs mistakes a header that is called as a member of every object for one that comes twice. */
const name = text.filter((candidate) => !(candidate in {}));
const record: fc.Arbitrary<OutRecord> = fc.record({
  topic: fc.constant('t'),
  key: fc.option(fc.oneof(text, fc.uint8Array())),
  value: fc.option(fc.oneof(text, fc.uint8Array({ maxLength: 20_000 }))),
  headers: fc.uniqueArray(fc.record({ name, value: fc.option(fc.oneof(text, fc.uint8Array())) }), {
    selector: (one) => one.name,
    maxLength: 5,
  }),
});
const bytesOf = (piece: string | Uint8Array | null): string | null =>
  piece === null ? null : Buffer.from(piece as string).toString('hex');

const hexByName = (headers: OutHeaders): Record<string, string | null> =>
  Object.fromEntries(headers.map((header) => [String(header.name), bytesOf(header.value)] as const));

const word = fc.oneof(text, fc.constantFrom('"', '\\', '\u2028', '\ud800', 'in-life'));
const instant = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });
const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({
    kind: fc.constant('stage-changed' as const),
    cycle: word,
    region: word,
    sequence: fc.nat(),
    from: fc.option(word),
    to: word,
    path: word,
    occurredAt: instant,
    cause: fc.record({
      kind: fc.constantFrom<StageChanged['cause']['kind']>('entry', 'activity', 'deadline'),
      signal: fc.option(word),
      activityId: fc.option(word),
    }),
    previousStageEnteredAt: fc.option(instant),
  }),
  fc.record({
    kind: fc.constant('signal' as const),
    cycle: word,
    signal: word,
    change: fc.constantFrom('on' as const, 'off' as const, 'pulse' as const),
    occurredAt: instant,
    activityId: fc.option(word),
  }),
  fc.record({ kind: fc.constant('state' as const), cycle: word, stage: word, since: instant }),
);
const factStamp = fc.record({
  tenant: word,
  customer: word,
  position: fc.record({ topic: fc.constant(TOPIC.activity), partition: fc.nat(1000), offset: fc.maxSafeNat() }),
  decidedAt: instant,
  mode: fc.constantFrom('live', 'history'),
  definition: fc.record({ name: word, version: fc.nat() }),
}) as fc.Arbitrary<Stamp>;
const stated: fc.Arbitrary<StatedFact> = fc
  .record({ fact, stamp: factStamp, index: fc.nat(9) })
  .map((each) => ({ ...each, topic: FACT_TOPICS[each.fact.kind], partition: each.stamp.position.partition }));

describe('A batch', () => {
  it('is read by kafkajs as what was written, whatever it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 12 }), async (records) => {
        const writer = new BatchWriter(64);
        for (const one of records) expect(writer.append(one, NO_LIMIT)).toBe(true);
        const bytes = Buffer.from(writer.finish(SENDER));
        const read = await decodeBatch(new Decoder(bytes));
        expect(bytes.readUInt32BE(17)).toBe(crc32c(bytes, 21, bytes.length));
        expect(read.records.map(({ offset }) => Number(offset))).toEqual(records.map((_, index) => index));
        expect(
          read.records.map(({ key, value, headers }) => ({
            key: bytesOf(key),
            value: bytesOf(value),
            headers: Object.fromEntries(Object.entries(headers).map(([name, found]) => [name, bytesOf(found)])),
          })),
        ).toEqual(
          records.map(({ key, value, headers }) => ({
            key: bytesOf(key),
            value: bytesOf(value),
            headers: hexByName(headers),
          })),
        );
      }),
    );
  });

  it('has facts in the same bytes as the records that state them, whatever they say', () => {
    fc.assert(
      fc.property(fc.array(stated, { minLength: 1, maxLength: 12 }), (facts) => {
        const [straight, spelled] = [new BatchWriter(64), new BatchWriter(64)];
        for (const each of facts) {
          straight.append(each, NO_LIMIT);
          spelled.append(written(each), NO_LIMIT);
        }
        expect(Buffer.from(straight.finish(SENDER)).equals(spelled.finish(SENDER))).toBe(true);
      }),
    );
  });

  it('takes no record that makes it longer than the limit, but for a first one', () => {
    const large = { topic: 't', key: null, value: 'x'.repeat(600), headers: [] };
    const writer = new BatchWriter(64);
    expect([writer.append(large, 500), writer.append(large, 1_000), writer.count]).toEqual([true, false, 1]);
    expect(writer.append({ ...large, value: 'y' }, 1_000)).toBe(true);
  });

  it('carries the checksum of the standard', () => {
    expect(crc32c(Buffer.from('123456789'), 0, 9)).toBe(0xe3069283);
  });
});
