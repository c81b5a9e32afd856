import { InvariantViolation } from '@perennial/values';
import { definitionOf as compiled, Story } from '@perennial/testing';
import fc from 'fast-check';
import { createPlan } from './plan';
import type { CustomerState } from './state';
import { sliceOf } from '@perennial/codec';
import { definitionOf, packState, unpackState, lastMove } from './snapshot';

const source = `
kind: Lifecycle
name: shop
version: 3
activity:
  - { event: order, role: purchase }
  - { event: visit, role: visit }
profile:
  orders: { count: purchase, occasion: P1D }
  rhythm: { gaps: purchase }
  energy: { decayed: visit, halfLife: P14D }
signals:
  habit: { when: profile.orders >= 3 }
  quiet: { absent: any, for: P10D }
  tick: { on: visit }
stages:
  initial: new
  states:
    new: { on: { habit: regular }, after: { P30D: gone } }
    regular:
      initial: calm
      on: { quiet: gone }
      states: { calm: { on: { tick: keen } }, keen: { on: { tick: calm }, after: { P3D: calm } }, back: { type: history } }
    gone: { on: { tick: regular.back } }
regions:
  mood: { initial: flat, states: { flat: { on: { tick: high } }, high: { after: { P1D: flat } } } }
`;

describe('a packed state', () => {
  it('comes back as it was, and decides the same afterwards', () => {
    const plan = createPlan(compiled(source));
    const hours = fc.array(fc.tuple(fc.constantFrom('order', 'visit'), fc.integer({ min: 0, max: 24 * 20 })), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(hours, (steps) => {
        const story = new Story(source);
        let now = Date.UTC(2011, 0, 1);
        for (const [event, wait] of [['visit', 0] as const, ...steps]) {
          now += wait * 3_600_000;
          story.does(event, new Date(now).toISOString());
          const state = story.state ?? raise();
          const bytes = packState(state);
          expect(definitionOf(sliceOf(bytes))).toBe(3);
          const back = unpackState(plan, sliceOf(bytes));
          expect(packState(back)).toEqual(bytes);
          expect({
            ...back,
            why: lastMove(back),
            recent: idsOf(back),
            regions: back.regions.map(({ configuration, ...rest }) => ({ key: configuration.key, ...rest })),
          }).toEqual({
            ...state,
            recent: idsOf(state),
            regions: state.regions.map(({ configuration, ...rest }) => ({ key: configuration.key, ...rest })),
          });
        }
      }),
      { numRuns: 50 },
    );
  });
  it('of an unknown layout is refused', () => {
    const plan = createPlan(compiled(source));
    expect(() => unpackState(plan, sliceOf(new Uint8Array([99])))).toThrow(InvariantViolation);
  });
  it('that does not fit its definition is refused', () => {
    const story = new Story(source).does('visit', '2011-01-01');
    const other = createPlan(
      compiled(
        source
          .replace('  tick: { on: visit }', '  tick: { on: visit }\n  more: { on: order }')
          .replace('on: order', 'on: purchase'),
      ),
    );
    expect(() => unpackState(other, sliceOf(packState(story.state ?? raise())))).toThrow(
      'published version was changed in place',
    );
  });
});

/** Hash and time of each in turn, packed or not. */
function idsOf({ recent: { kept, added, forgottenThrough } }: CustomerState) {
  const ids: number[] = [];
  for (let at = kept.start; at < kept.end; at += 8) ids.push(kept.view.getFloat64(at, true));
  return { ids: [...ids, ...added], forgottenThrough };
}

const raise = (): never => {
  throw new Error('no state');
};
