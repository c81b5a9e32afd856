import {
  type Emission,
  type Fact,
  FACT_TOPICS,
  isFact,
  type OutRecord,
  type StageChanged,
  type Stamp,
  TOPIC,
  written,
} from '@perennial/contracts';
import { ByteWriter } from '@perennial/codec';
import fc from 'fast-check';
import { decodeOutbox } from './read-outbox';
import { OutboxWriter } from './write-outbox';

const bytes = fc.uint8Array({ maxLength: 50 });
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const instant = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });
const id = fc.option(fc.oneof(text, fc.constantFrom('m1', 'm2')));

const record: fc.Arbitrary<OutRecord> = fc
  .record({
    topic: fc.string(),
    partition: fc.option(fc.nat(1000), { nil: undefined }),
    key: fc.option(fc.oneof(text, bytes)),
    value: fc.option(fc.oneof(text, bytes)),
    headers: fc.array(fc.record({ name: fc.oneof(text, bytes), value: fc.option(fc.oneof(text, bytes)) }), {
      maxLength: 4,
    }),
  })
  .map(({ partition, ...rest }) => (partition === undefined ? rest : { ...rest, partition }));

const cause = fc.record({
  kind: fc.constantFrom<StageChanged['cause']['kind']>('entry', 'activity', 'deadline', 'after', 'settle', 'command'),
  signal: fc.option(text),
  activityId: id,
});
const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({
    kind: fc.constant('stage-changed' as const),
    cycle: text,
    region: text,
    sequence: fc.nat(),
    from: fc.option(text),
    to: text,
    path: text,
    occurredAt: instant,
    cause,
    previousStageEnteredAt: fc.option(instant),
  }),
  fc.record({
    kind: fc.constant('signal' as const),
    cycle: text,
    signal: text,
    change: fc.constantFrom('on' as const, 'off' as const, 'pulse' as const),
    occurredAt: instant,
    activityId: id,
  }),
  fc.record({ kind: fc.constant('state' as const), cycle: text, stage: text, since: instant }),
);
const stamp = fc.record({
  tenant: text,
  customer: text,
  position: fc.record({
    topic: fc.constant(TOPIC.activity),
    partition: fc.nat(1000),
    offset: fc.maxSafeNat(),
  }),
  decidedAt: instant,
  mode: fc.constantFrom('live', 'history'),
  definition: fc.record({ name: text, version: fc.nat() }),
}) as fc.Arbitrary<Stamp>;

/** The facts of an input, or a record. */
const effects: fc.Arbitrary<Emission[]> = fc.oneof(
  record.map((one): Emission[] => [one]),
  fc
    .record({ stamp, facts: fc.array(fact, { maxLength: 6 }), first: fc.nat(3) })
    .map(({ stamp: shared, facts, first }) =>
      facts.map(
        (one, index): Emission => ({
          topic: FACT_TOPICS[one.kind],
          partition: shared.position.partition,
          fact: one,
          stamp: shared,
          index: first + index,
        }),
      ),
    ),
);

const plain = (piece: Uint8Array | string | null): string | null =>
  piece === null ? null : Buffer.from(piece as string).toString('hex');
const line = (emission: Emission): unknown => {
  const { key, value, headers, ...rest } = written(emission);
  const list = headers.map((header) => [plain(header.name), plain(header.value)]);
  return { ...rest, key: plain(key), value: plain(value), headers: list };
};

function encode(inputs: readonly Emission[][]): Uint8Array {
  for (const effects of inputs) {
    const [first] = effects;
    if (first === undefined) continue;
    if (!isFact(first)) writer.record(first);
    else
      writer.facts(
        effects.filter(isFact).map(({ fact: one }) => one),
        first.stamp,
        first.index,
      );
  }
  return writer.finish() ?? new Uint8Array([3, 0]);
}
/** Used for one blob after the other, as a partition does. */
const writer = new OutboxWriter();

describe('an outbox blob', () => {
  it('gives back what is written out to the same records, byte for byte (invariant 1)', () => {
    fc.assert(
      fc.property(fc.array(effects, { maxLength: 8 }), (inputs) => {
        const given = inputs.flat();
        expect(decodeOutbox(encode(inputs)).map(line)).toEqual(given.map(line));
      }),
    );
  });
  it('is not made of nothing', () => {
    expect(writer.finish()).toBeNull();
  });
  it('with something in it that is not known is refused, not passed over', () => {
    expect(() => decodeOutbox(new Uint8Array([3, 7, 0]))).toThrow('no fact, record or end');
  });
  it('of the layout before, whose headers were texts, is read', () => {
    const old = new ByteWriter();
    for (const byte of [2, 2, 0]) old.byte(byte);
    old.text('t');
    for (const byte of [0, 0, 0, 2]) old.byte(byte);
    for (const text of ['a', '1', 'b', 'zwei \u2028']) old.text(text);
    old.byte(0);
    const headers = [
      { name: 'a', value: '1' },
      { name: 'b', value: 'zwei \u2028' },
    ];
    expect(decodeOutbox(old.finish())).toEqual([{ topic: 't', key: null, value: null, headers }]);
  });
  it('of an unknown layout is refused', () => {
    expect(() => decodeOutbox(new Uint8Array([9]))).toThrow('layout 9');
  });
});
