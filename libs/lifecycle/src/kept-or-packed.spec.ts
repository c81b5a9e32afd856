/** Whatever the chart, a customer's state is all in its bytes: nothing of it is in the memory of who decided last. */
import type { Activity, Fact } from '@perennial/contracts';
import type { CustomerId } from '@perennial/values';
import { definitionOf, nestedDefinition, nestedHistory, type NestedInput } from '@perennial/testing';
import fc from 'fast-check';
import { decide, decideInPlace, type Input } from './decide';
import { sliceOf } from '@perennial/codec';
import { packState, unpackState } from './snapshot';
import { createPlan, type OnStep, type Plan } from './plan';
import type { CustomerState } from './state';

/** Where a state is between two inputs. */
type Keeping = (kept: Kept) => Kept;
interface Kept {
  readonly plan: Plan;
  readonly state: CustomerState;
}

/** The facts of each input, and the bytes of the state after it. */
function life(first: Plan, inputs: readonly NestedInput[], deciding: typeof decide, keep: Keeping): readonly string[] {
  let plan = first;
  let state: CustomerState | null = null;
  return inputs.map((input, index) => {
    const decision = deciding(plan, { state, now: input.at, input: inputOf(input, `m${index}`) });
    const bytes = decision.state === null ? '' : Buffer.from(packState(decision.state)).toString('hex');
    if (decision.state !== null) ({ plan, state } = keep({ plan, state: decision.state }));
    return `${line(decision.facts)} ${String(decision.deadline)} ${bytes}`;
  });
}

const line = (facts: readonly Fact[]): string => JSON.stringify(facts);

function inputOf({ at, role }: NestedInput, id: string): Input {
  if (role === null) return { kind: 'clock' };
  const activity: Activity = { id, customer: 'c' as CustomerId, type: 'track', event: role, at, properties: {} };
  return { kind: 'activity', activity, statedAt: at, dedupe: true };
}

describe('a customer of any nested, parallel chart with histories', () => {
  const everything = nestedDefinition({ after: true, history: true, pulsesOnly: false });

  it('has the same facts, deadlines and bytes kept in memory as packed and unpacked between every two inputs', () => {
    const seen = { steps: 0, history: 0, byTimer: 0, parallel: 0 };
    const onStep: OnStep = (_region, { target }, trigger) => {
      seen.steps += 1;
      if (trigger.startsWith('xstate.after')) seen.byTimer += 1;
      if (target.path.includes('|')) seen.parallel += 1;
      if (target.key.includes('.h"')) seen.history += 1;
    };
    fc.assert(
      fc.property(everything, nestedHistory, (source, inputs) => {
        const definition = definitionOf(source);
        const kept = life(createPlan(definition, onStep), inputs, decide, (it) => it);
        const plan = createPlan(definition);
        const plans = [createPlan(definition), createPlan(definition)] as const;
        const repacked = (by: Plan, state: CustomerState): Kept => ({
          plan: by,
          state: unpackState(by, sliceOf(packState(state))),
        });
        expect(life(plan, inputs, decideInPlace, (it) => it)).toEqual(kept);
        expect(life(plan, inputs, decideInPlace, ({ state }) => repacked(plan, state))).toEqual(kept);
        // In turn by two who do not see each other's steps.
        const other = (by: Plan): Plan => (by === plans[0] ? plans[1] : plans[0]);
        expect(life(plans[0], inputs, decideInPlace, (it) => repacked(other(it.plan), it.state))).toEqual(kept);
      }),
      { numRuns: 50 },
    );
    expect(Object.entries(seen).filter(([, times]) => times < 100)).toEqual([]);
  });
});
