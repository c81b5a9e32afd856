import { type Fact, type OutRecord, type Stamp, type StageChanged, TOPIC } from '@perennial/contracts';
import fc from 'fast-check';
import { type Emission, written } from '../emission';
import { decodeOutbox } from './decode-outbox';
import { encodeOutbox } from './encode-outbox';

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
    headers: fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })),
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
  record.map((one): Emission[] => [{ kind: 'record', record: one }]),
  fc
    .record({ stamp, facts: fc.array(fact, { maxLength: 6 }), first: fc.nat(3) })
    .map(({ stamp: shared, facts, first }) =>
      facts.map((one, index): Emission => ({ kind: 'fact', fact: one, stamp: shared, index: first + index })),
    ),
);

const plain = (piece: Uint8Array | string | null): string | null =>
  piece === null ? null : Buffer.from(piece as string).toString('hex');
const line = (emission: Emission): unknown => {
  const { key, value, ...rest } = written(emission);
  return { ...rest, key: plain(key), value: plain(value) };
};

describe('an outbox blob', () => {
  it('gives back what is written out to the same records, byte for byte (invariant 1)', () => {
    fc.assert(
      fc.property(fc.array(effects, { maxLength: 8 }), (inputs) => {
        const given = inputs.flat();
        expect(decodeOutbox(encodeOutbox(given)).map(line)).toEqual(given.map(line));
      }),
    );
  });
  it('of an unknown layout is refused', () => {
    expect(() => decodeOutbox(new Uint8Array([9]))).toThrow('layout 9');
  });
});
