import fc from 'fast-check';
import { encodeFact } from './emission';
import {
  type CustomerStateFact,
  signalFactSchema,
  type SignalFlip,
  type StageChangedFact,
  stageChangedSchema,
  type Stamp,
  stateFactSchema,
} from './fact';
import { headersOf, type OutRecord } from '../record';
import type { CustomerId, TenantId } from '@perennial/values';

const stamp: Stamp = {
  tenant: 'acme' as TenantId,
  customer: 'c42' as CustomerId,
  position: { topic: 'perennial.activity.v1', partition: 2, offset: 184_467 },
  decidedAt: Date.parse('2011-03-02T09:15:00.412Z'),
  mode: 'live',
  definition: { name: 'retail', version: 3 },
};
const move: StageChangedFact = {
  kind: 'stage-changed',
  cycle: 'main',
  region: 'stage',
  sequence: 7,
  from: 'in-life',
  to: 'dormancy',
  path: 'in-life.regular → dormancy',
  occurredAt: Date.parse('2011-03-02T09:15:00.000Z'),
  cause: { kind: 'deadline', signal: 'quiet', activityId: null },
  previousStageEnteredAt: Date.parse('2010-12-20T11:00:00.000Z'),
};

function text(record: OutRecord): string {
  if (typeof record.value !== 'string') throw new Error('no text');
  return record.value;
}

describe('a fact as a record', () => {
  it('is the example of the design, field by field in its order', () => {
    expect(text(encodeFact(move, stamp, 0))).toBe(
      '{"customer":"c42","cycle":"main","region":"stage","sequence":7,"from":"in-life","to":"dormancy",' +
        '"path":"in-life.regular → dormancy","occurredAt":"2011-03-02T09:15:00.000Z","decidedAt":"2011-03-02T09:15:00.412Z",' +
        '"mode":"live","cause":{"kind":"deadline","signal":"quiet","activityId":null},' +
        '"definition":{"name":"retail","version":3},"correction":null,' +
        '"previousStageEnteredAt":"2010-12-20T11:00:00.000Z","stateVersion":"2:184467"}',
    );
  });

  it('is a CloudEvent in binary mode whose id is the position of its cause', () => {
    const { topic, key, headers } = encodeFact(move, stamp, 3);
    expect(topic).toBe('lifecycle.customer.stage-changed.v1');
    expect(key).toBe('acme:c42');
    expect(headers).toEqual(
      headersOf({
        ce_specversion: '1.0',
        ce_id: 'perennial.activity.v1:2:184467:3',
        ce_type: 'lifecycle.customer.stage-changed.v1',
        ce_source: 'perennial/lifecycle-engine',
        ce_subject: 'c42',
        ce_time: '2011-03-02T09:15:00.412Z',
        'content-type': 'application/json',
      }),
    );
  });
});

const free = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\n', '\u2028', '\ud800'),
);
const nonEmpty = free.filter((value) => value.length > 0);
const instant = fc.integer({ min: Date.parse('0001-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59.999Z') });
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const count = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const stamps: fc.Arbitrary<Stamp> = fc.record({
  tenant: fc.constant('acme' as TenantId),
  customer: nonEmpty as fc.Arbitrary<CustomerId>,
  position: fc.record({ topic: fc.constant('t'), partition: fc.nat(), offset: fc.maxSafeNat() }),
  decidedAt: instant,
  mode: fc.constantFrom('live', 'history'),
  definition: fc.record({ name: free, version: count }),
});
const kinds = fc.constantFrom('entry', 'activity', 'deadline', 'after', 'settle', 'command');
const moves: fc.Arbitrary<StageChangedFact> = fc.record({
  kind: fc.constant('stage-changed'),
  cycle: free,
  region: free,
  sequence: count,
  from: nullable(free),
  to: free,
  path: free,
  occurredAt: instant,
  cause: fc.record({ kind: kinds, signal: nullable(free), activityId: nullable(free) }),
  previousStageEnteredAt: nullable(instant),
});
const flips: fc.Arbitrary<SignalFlip> = fc.record({
  kind: fc.constant('signal'),
  cycle: free,
  signal: free,
  change: fc.constantFrom('on', 'off', 'pulse'),
  occurredAt: instant,
  activityId: nullable(free),
});
const states: fc.Arbitrary<CustomerStateFact> = fc.record({
  kind: fc.constant('state'),
  cycle: free,
  stage: free,
  since: instant,
});

describe('the value of a fact', () => {
  const iso = (ms: number) => new Date(ms).toISOString();

  it('of a move is what the schema reads and JSON.stringify writes of it', () => {
    fc.assert(
      fc.property(moves, stamps, (fact, { customer, position, decidedAt, mode, definition, tenant }) => {
        const json = text(encodeFact(fact, { customer, position, decidedAt, mode, definition, tenant }, 0));
        const { cycle, region, sequence, from, to, path, cause, previousStageEnteredAt: previous } = fact;
        const value = {
          customer,
          cycle,
          region,
          sequence,
          from,
          to,
          path,
          occurredAt: iso(fact.occurredAt),
          decidedAt: iso(decidedAt),
          mode,
          cause,
          definition,
          correction: null,
          previousStageEnteredAt: previous === null ? null : iso(previous),
          stateVersion: `${position.partition}:${position.offset}`,
        };
        expect(stageChangedSchema.parse(JSON.parse(json))).toEqual(value);
        expect(json).toBe(JSON.stringify(stageChangedSchema.parse(value)));
      }),
    );
  });

  it('of a signal is what the schema reads and JSON.stringify writes of it', () => {
    fc.assert(
      fc.property(flips, stamps, (fact, stamped) => {
        const json = text(encodeFact(fact, stamped, 0));
        const { customer, position, decidedAt, mode, definition } = stamped;
        const value = {
          customer,
          cycle: fact.cycle,
          signal: fact.signal,
          change: fact.change,
          occurredAt: iso(fact.occurredAt),
          decidedAt: iso(decidedAt),
          mode,
          activityId: fact.activityId,
          definition,
          stateVersion: `${position.partition}:${position.offset}`,
        };
        expect(signalFactSchema.parse(JSON.parse(json))).toEqual(value);
        expect(json).toBe(JSON.stringify(signalFactSchema.parse(value)));
      }),
    );
  });

  it('of a state is what the schema reads and JSON.stringify writes of it', () => {
    fc.assert(
      fc.property(states, stamps, (fact, stamped) => {
        const json = text(encodeFact(fact, stamped, 0));
        const { customer, position, definition } = stamped;
        const value = {
          customer,
          cycle: fact.cycle,
          stage: fact.stage,
          band: null,
          tier: null,
          since: iso(fact.since),
          definition,
          version: `${position.partition}:${position.offset}`,
        };
        expect(stateFactSchema.parse(JSON.parse(json))).toEqual(value);
        expect(json).toBe(JSON.stringify(stateFactSchema.parse(value)));
      }),
    );
  });
});
