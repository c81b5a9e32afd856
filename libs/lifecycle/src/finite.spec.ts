import type { Activity } from '@perennial/contracts';
import type { Json } from '@perennial/values';
import { compile } from '@perennial/definition';
import fc from 'fast-check';
import { decide } from './decide';
import { createPlan } from './plan';
import type { CustomerState } from './state';

const DAY = 86_400_000;
const START = Date.UTC(2020, 0, 1);
const DEFINITION = `
kind: Lifecycle
name: shop
version: 1
currency: GBP
activity:
  - { event: order, role: purchase, amount: event.properties.total }
  - { event: refund, role: refund, amount: event.properties.total }
profile:
  orders: { count: purchase, occasion: P1D }
  spend: { sum: [purchase, -refund] }
  pace: { gaps: purchase }
  energy: { decayed: [purchase, refund], halfLife: PT1S }
signals:
  rich: { when: profile.spend >= 10000, until: profile.spend < 5000 }
  fading: { below: 0.25, of: energy }
  lively: { above: 1.5, of: energy }
  quiet: { absent: purchase, for: P36525D }
stages:
  initial: one
  states: { one: { on: { rich: two, fading: two } }, two: { on: { quiet: one, lively: one } } }
`;

/** Amounts as producers may write them, out of every range. */
const total: fc.Arbitrary<Json> = fc.oneof(
  fc.double(),
  fc.constantFrom('1e1000000000000000000000', '-1e1000000000000000000000', '0e99999999999999999999999', '9e-400'),
  fc.stringMatching(/^[+-]?\d{0,25}\.?\d{0,25}([eE][+-]?\d{1,30})?$/),
  fc.string(),
);
const happening = fc.tuple(fc.integer({ min: -400 * DAY, max: 400 * DAY }), fc.constantFrom('order', 'refund'), total);

/** Paths of the numbers within a value that are none, or have no end. */
function endless(value: unknown, path = 'state'): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} = ${value}`];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  const parts = Object.entries(value).filter(([name]) => name !== 'configuration');
  return parts.flatMap(([name, child]) => endless(child, `${path}.${name}`));
}

describe('a customer state', () => {
  it('holds neither NaN nor an infinity, whatever the amounts and times', () => {
    const compiled = compile(DEFINITION);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    const plan = createPlan(compiled.definition);
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
        let state: CustomerState | null = null;
        let at = START;
        for (const [gap, event, amount] of happenings) {
          at += gap;
          const activity = { id: null, customer: 'c', type: 'track', event, at, properties: { total: amount } };
          const input = {
            kind: 'activity',
            activity: activity as unknown as Activity,
            statedAt: at,
            dedupe: true,
          } as const;
          ({ state } = decide(plan, { state, input, now: at }));
          expect(endless(state)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
