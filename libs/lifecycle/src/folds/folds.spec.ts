import fc from 'fast-check';
import type { Field } from '@perennial/definition';
import { decayedAt, sinksAt } from './decayed';
import type { Folding } from './fold';
import { foldingOf } from './registry';

const DAY = 86_400_000;
const field = (rest: object): Field => ({ name: 'f', roles: ['purchase'], ...rest }) as unknown as Field;
const fields: Record<string, Field> = {
  'plain count': field({ kind: 'count', occasionMs: null }),
  'occasion count': field({ kind: 'count', occasionMs: DAY }),
  sum: field({ kind: 'sum', plus: ['purchase'], minus: [], unit: 'money' }),
  gaps: field({ kind: 'gaps', occasionMs: null }),
  'gaps of occasions': field({ kind: 'gaps', occasionMs: DAY }),
  decayed: field({ kind: 'decayed', halfLifeMs: 14 * DAY }),
};

interface Happening {
  readonly at: number;
  readonly amount: number;
}
const history = fc
  .array(fc.record({ at: fc.integer({ min: 0, max: 400 * DAY }), amount: fc.integer({ min: -1e6, max: 1e6 }) }), {
    maxLength: 30,
  })
  .map((happenings) => happenings.sort((a, b) => a.at - b.at));

function folded(folding: Folding, happenings: readonly Happening[]): number[] {
  const slots = [...folding.init];
  for (const happening of happenings) folding.add(slots, 0, { ...happening, late: false });
  return slots;
}

describe.each(Object.entries(fields))('%s', (_name, definition) => {
  const folding = foldingOf(definition);
  it('gives the same from two joined halves as from the whole', () => {
    fc.assert(
      fc.property(history, fc.nat(), (happenings, cut) => {
        const at = happenings.length === 0 ? 0 : cut % happenings.length;
        const joined = folding.concat(folded(folding, happenings.slice(0, at)), folded(folding, happenings.slice(at)));
        const whole = folded(folding, happenings);
        joined.forEach((value, index) => {
          const expected = whole[index] ?? Number.NaN;
          expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
        });
      }),
    );
  });
  it('has the empty history as its neutral element', () => {
    fc.assert(
      fc.property(history, (happenings) => {
        const whole = folded(folding, happenings);
        expect(folding.concat([...folding.init], whole)).toEqual(whole);
        expect(folding.concat(whole, [...folding.init])).toEqual(whole);
      }),
    );
  });
});

describe('occasions', () => {
  const occasions = foldingOf(field({ kind: 'count', occasionMs: DAY }));
  const count = (...at: number[]): unknown =>
    occasions.read(
      folded(
        occasions,
        at.map((a) => ({ at: a, amount: 0 })),
      ),
      0,
      0,
    );
  it('hold what comes less than 24 hours after the previous activity; at exactly 24 hours a new one starts', () => {
    expect(count(0, DAY - 1)).toBe(1);
    expect(count(0, DAY)).toBe(2);
    expect(count(0, DAY - 1, 2 * DAY - 2)).toBe(1);
  });
});

describe('gaps', () => {
  it('measure the mean and spread of the log gaps in days', () => {
    const gaps = foldingOf(field({ kind: 'gaps', occasionMs: null }));
    const slots = folded(
      gaps,
      [0, 1, 3, 7].map((day) => ({ at: day * DAY, amount: 0 })),
    );
    const logs = [1, 2, 4].map(Math.log);
    const mean = logs.reduce((a, b) => a + b) / 3;
    const spread = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 2);
    const value = gaps.read(slots, 0, 0) as { count: number; meanLog: number; spreadLog: number; typicalDays: number };
    expect(value.count).toBe(3);
    expect(value.meanLog).toBeCloseTo(mean, 12);
    expect(value.spreadLog).toBeCloseTo(spread, 12);
    expect(value.typicalDays).toBeCloseTo(2, 12);
  });
});

describe('decay', () => {
  it('sinks below a threshold at exactly the millisecond that is solved', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 50, noNaN: true }),
        fc.double({ min: 0.001, max: 60, noNaN: true }),
        fc.integer({ min: DAY / 24, max: 400 * DAY }),
        fc.boolean(),
        (value, threshold, halfLife, orEqual) => {
          const slots = [value, 1_000_000];
          const sunk = sinksAt(slots, 0, halfLife, { threshold, orEqual }, 1_000_000);
          const below = (at: number): boolean => {
            const now = decayedAt(slots, 0, at, halfLife);
            return orEqual ? now <= threshold : now < threshold;
          };
          expect(sunk).not.toBeNull();
          expect(below(sunk ?? 0)).toBe(true);
          if ((sunk ?? 0) > 1_000_001) expect(below((sunk ?? 0) - 1)).toBe(false);
        },
      ),
    );
  });
});
