import type { Fact } from '@perennial/contracts';
import {
  NaiveLifecycle,
  type NaiveDefinition,
  type NaiveInput,
  type NaiveRegion,
  type NaiveSignal,
  type NaiveState,
  Story,
} from '@perennial/testing';
import fc from 'fast-check';

const HOUR = 3_600_000;
const START = Date.UTC(2020, 0, 1);
const STATES = ['a', 'b', 'c'];
const SIGNALS = ['s0', 's1', 's2', 's3'];

const role = fc.constantFrom('order' as const, 'visit' as const);
const kind = fc.oneof(
  fc.record({ kind: fc.constant('level' as const), least: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('absent' as const), role, hours: fc.constantFrom(12, 24, 48, 72) }),
  fc.record({ kind: fc.constant('pulse' as const), role }),
  fc.record({
    kind: fc.constantFrom('below' as const, 'above' as const),
    threshold: fc.constantFrom(0.3, 0.5, 1, 1.7),
  }),
);
const signals = fc.tuple(...SIGNALS.map(() => fc.tuple(kind, fc.boolean()))).map((drawn) =>
  drawn.map(([shape, edge], index): NaiveSignal => {
    return { name: SIGNALS[index] ?? '', edge: edge && shape.kind !== 'pulse', ...shape };
  }),
);
const target = fc.constantFrom(...STATES);
const state: fc.Arbitrary<NaiveState> = fc.record({
  on: fc.dictionary(fc.constantFrom(...SIGNALS), target, { maxKeys: 4 }),
  after: fc.uniqueArray(fc.record({ hours: fc.constantFrom(12, 24, 36, 48, 96), to: target }), {
    selector: ({ hours }) => hours,
    maxLength: 2,
  }),
});
const region = (name: string): fc.Arbitrary<NaiveRegion> =>
  fc.record({
    name: fc.constant(name),
    initial: fc.constant('a'),
    states: fc.record({ a: state, b: state, c: state }),
  });
const definition: fc.Arbitrary<NaiveDefinition> = fc.record({
  settleHours: fc.constantFrom(6, 12, 24),
  signals,
  regions: fc.oneof(fc.tuple(region('stage')), fc.tuple(region('stage'), region('mood'))),
});
/** Steps of six hours, so that much falls due at one instant. */
const history = fc
  .array(fc.tuple(fc.nat(20), fc.constantFrom('order' as const, 'visit' as const, null)), {
    minLength: 1,
    maxLength: 25,
  })
  .map((drawn) => {
    let at = START;
    return drawn.map(([steps, what]): NaiveInput => ({ at: (at += steps * 6 * HOUR), role: what }));
  });

function sourceOf({ settleHours, signals: named, regions }: NaiveDefinition): string {
  const [stages, ...others] = regions.map(({ name, initial, states }) => {
    const written = Object.entries(states).map(([key, { on, after }]) => {
      const delays = Object.fromEntries(after.map(({ hours, to }) => [`PT${hours}H`, to]));
      return [key, { on, after: delays }] as const;
    });
    return { name, chart: { initial, states: Object.fromEntries(written) } };
  });
  return JSON.stringify({
    kind: 'Lifecycle',
    name: 'x',
    version: 1,
    settle: `PT${settleHours}H`,
    activity: [
      { event: 'order', role: 'purchase' },
      { event: 'visit', role: 'visit' },
    ],
    profile: { orders: { count: 'purchase' }, energy: { decayed: 'visit', halfLife: 'P1D' } },
    signals: Object.fromEntries(named.map((signal) => [signal.name, written(signal)])),
    stages: stages?.chart,
    ...(others.length === 0 ? {} : { regions: Object.fromEntries(others.map(({ name, chart }) => [name, chart])) }),
  });
}

function written(signal: NaiveSignal): object {
  const { edge } = signal;
  const roleOf = (name: string): string => (name === 'order' ? 'purchase' : name);
  switch (signal.kind) {
    case 'level':
      return { when: `profile.orders >= ${signal.least}`, edge };
    case 'absent':
      return { absent: roleOf(signal.role), for: `PT${signal.hours}H`, edge };
    case 'pulse':
      return { on: roleOf(signal.role) };
    case 'below':
    case 'above':
      return { [signal.kind]: signal.threshold, of: 'energy', edge };
  }
}

function line(fact: Fact): string {
  switch (fact.kind) {
    case 'signal':
      return `${fact.signal} ${fact.change} at ${fact.occurredAt}`;
    case 'state':
      return `state ${fact.stage} since ${fact.since}`;
    case 'stage-changed': {
      const { kind: why, signal, activityId } = fact.cause;
      const by = [why, signal, activityId].filter((part) => part !== null).join(' ');
      return `${fact.sequence} ${fact.region}: ${fact.path} at ${fact.occurredAt} by ${by}, was ${fact.previousStageEnteredAt}`;
    }
  }
}

describe('the rules of evaluation', () => {
  it('give the facts of a naive reading of them, for any definition of flat regions and any history', () => {
    fc.assert(
      fc.property(definition, history, (drawn, inputs) => {
        const story = new Story(sourceOf(drawn));
        const naive = new NaiveLifecycle(drawn);
        for (const input of inputs) {
          const when = new Date(input.at).toISOString();
          if (input.role === null) story.clock(when);
          else story.does(input.role, when);
          naive.take(input);
        }
        expect(story.facts.map(line)).toEqual(naive.facts);
        expect(story.state?.parked ?? false).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
