/** Where histories lead, by a naive reading of docs/semantics.md: what was active when their state was last left, else its beginning. */
import type { Region, StateConfig } from '@perennial/definition';
import { definitionOf, nestedDefinition } from '@perennial/testing';
import fc from 'fast-check';
import { activeStates } from './state-path';
import { Chart } from './statechart';

type Paths = readonly string[];
const isInside = (path: string, around: string): boolean => path.startsWith(`${around}.`);
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('.'));

/** Path of each state, the region first → the state. */
function statesOf({ name, machine }: Region): ReadonlyMap<string, StateConfig> {
  const found = new Map<string, StateConfig>();
  const add = (states: Readonly<Record<string, StateConfig>>, around: string): void => {
    for (const [key, state] of Object.entries(states)) {
      found.set(`${around}.${key}`, state);
      add(state.states ?? {}, `${around}.${key}`);
    }
  };
  add(machine.states, name);
  return found;
}

/** The innermost state around both. */
function around(a: string, b: string): string {
  let common = parentOf(a);
  while (!isInside(b, common)) common = parentOf(common);
  return common;
}

/** What states were active inside each state that has a history when it was last left; null: not known. */
class Memory {
  private readonly left = new Map<string, Paths | null>();

  constructor(private readonly states: ReadonlyMap<string, StateConfig>) {}

  /** A step from some active states to others, by these transitions. */
  note(before: Paths, after: Paths, taken: readonly { source: string; target: string; reenter: boolean }[]): void {
    for (const path of before.filter((state) => this.historyOf(state) !== null)) {
      const inside = before.filter((state) => isInside(state, path));
      if (!after.includes(path)) this.left.set(path, inside);
      else if (taken.some(({ target }) => this.states.get(target)?.type === 'history')) this.left.set(path, null);
      else if (taken.some((move) => isInside(path, domainOf(move)))) this.left.set(path, inside);
    }
  }

  /** Undefined: it was never left. */
  of(state: string): Paths | null | undefined {
    return this.left.get(state);
  }

  private historyOf(path: string): StateConfig | null {
    const children = Object.values(this.states.get(path)?.states ?? {});
    return children.find(({ type }) => type === 'history') ?? null;
  }
}

function domainOf({ source, target, reenter }: { source: string; target: string; reenter: boolean }): string {
  return !reenter && isInside(target, source) ? source : around(source, target);
}

describe('a transition to the history of a state that the region is not in', () => {
  it('leads to what was active when that state was last left, else to its beginning', () => {
    const seen = { shallow: 0, deep: 0, first: 0 };
    const definitions = nestedDefinition({ after: true, history: true, pulsesOnly: true });
    fc.assert(
      fc.property(definitions, fc.array(fc.nat(30), { maxLength: 40 }), (source, walk) => {
        const { regions, signals } = definitionOf(source);
        const [region] = regions;
        const names = signals.map(({ name }) => name);
        const states = statesOf(region);
        const chart = new Chart(region, names);
        const memory = new Memory(states);
        const activeIn = (at: typeof chart.initial.target): Paths => activeStates(at).map((path) => `stage.${path}`);
        let at = chart.initial.target;
        for (const drawn of walk) {
          const accepted = [...names, ...chart.afters].flatMap((event) => {
            const number = names.indexOf(event);
            const step = number < 0 ? chart.onTimer(at, event) : chart.onSignal(at, number);
            return step === null ? [] : [{ event, step }];
          });
          const next = accepted[drawn % Math.max(1, accepted.length)];
          if (next === undefined) break;
          const { event, step } = next;
          const [before, after] = [activeIn(at), activeIn(step.target)];
          at = step.target;
          const taken = step.origins.map((origin) => {
            const [, delay] = /^xstate\.after\.(\d+)/.exec(event) ?? [];
            const from = states.get(origin);
            const move = delay === undefined ? from?.on?.[event] : from?.after?.[Number(delay)];
            return { source: origin, target: move?.target.slice(1) ?? '', reenter: move?.reenter === true };
          });
          const [only] = taken;
          const history = states.get(only?.target ?? '');
          const place = parentOf(only?.target ?? '');
          const remembered = memory.of(place);
          memory.note(before, after, taken);
          if (taken.length !== 1 || history?.type !== 'history' || before.includes(place) || remembered === null)
            continue;
          const inside = after.filter((state) => isInside(state, place));
          const children = (paths: Paths): Paths => paths.filter((path) => parentOf(path) === place);
          if (remembered === undefined) {
            seen.first += 1;
            const initial = states.get(place)?.initial;
            const beginning = history.target?.slice(1) ?? (initial === undefined ? place : `${place}.${initial}`);
            expect(after).toContain(beginning);
          } else if (history.history === 'deep') {
            seen.deep += 1;
            expect([...inside].sort()).toEqual([...remembered].sort());
          } else {
            seen.shallow += 1;
            expect([...children(inside)].sort()).toEqual([...children(remembered)].sort());
          }
        }
      }),
      { numRuns: 120 },
    );
    expect(Math.min(seen.shallow, seen.deep, seen.first)).toBeGreaterThan(5);
  });
});
