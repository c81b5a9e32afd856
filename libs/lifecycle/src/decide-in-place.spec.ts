import type { Activity, Fact } from '@perennial/contracts';
import { compile } from '@perennial/definition';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decide, decideInPlace, type Input } from './decide';
import { packState } from './snapshot';
import { createPlan, type Plan } from './plan';
import type { CustomerState } from './state';

const DAY = 86_400_000;
const START = Date.UTC(2020, 0, 1);

function retail(): Plan {
  const compiled = compile(readFileSync(join(__dirname, '../../definition/templates/retail.yaml'), 'utf8'));
  if (!compiled.ok) throw new Error('the template does not compile');
  return createPlan(compiled.definition);
}

/** Days since the one before (below zero: late), what happened, and which id it has; null: a clock. */
const happening = fc.tuple(
  fc.integer({ min: -20, max: 90 }),
  fc.constantFrom('Order Completed', 'Order Refunded', 'unknown', null),
  fc.nat(60),
);

describe('a state that is decided in place', () => {
  it('is decided as one that is copied, which stays as it was, whatever happens to the customer', () => {
    const plan = retail();
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 80 }), (happenings) => {
        const lives = [decide, decideInPlace].map((deciding) => {
          let state: CustomerState | null = null;
          let now = START;
          const facts: Fact[] = [];
          for (const [days, event, id] of happenings) {
            now += days * DAY;
            const before: CustomerState | null = state;
            const bytes = bytesOf(before);
            const decision = deciding(plan, { state, now, input: inputOf(event, `m${id}`, now) });
            if (deciding === decide) expect(bytesOf(before)).toBe(bytes);
            state = decision.state;
            facts.push(...decision.facts);
          }
          return { facts, state: bytesOf(state) };
        });
        expect(lives[1]).toEqual(lives[0]);
      }),
    );
  });
});

const bytesOf = (state: CustomerState | null): string | null =>
  state === null ? null : Buffer.from(packState(state)).toString('hex');

function inputOf(event: string | null, id: string, at: number): Input {
  if (event === null) return { kind: 'clock' };
  const properties = { total: 5, currency: 'GBP' };
  const activity = { id, customer: 'c', type: 'track', event, at, properties } as unknown as Activity;
  return { kind: 'activity', activity, statedAt: at, dedupe: true };
}
