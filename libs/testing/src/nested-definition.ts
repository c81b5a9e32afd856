/**
 * Random definitions with all that charts may have: states within states, parallel states within them and regions beside, shallow
 * and deep histories with and without a target of their own, final states, re-entries, `after`s; and all kinds of signals.
 */
import fc from 'fast-check';

export interface NestedState {
  type?: 'parallel' | 'final' | 'history';
  history?: 'shallow' | 'deep';
  target?: string;
  initial?: string;
  states?: Record<string, NestedState>;
  on?: Record<string, NestedMove>;
  after?: Record<string, NestedMove>;
}
type NestedMove = { readonly target: string; readonly reenter: boolean };

/** What charts may have beside nested and parallel states. */
export interface NestedOptions {
  readonly after: boolean;
  readonly history: boolean;
  /** Pulses only, so that a signal is offered at an activity and at no other time. */
  readonly pulsesOnly: boolean;
}

/** What happens to a customer: `role` null is a clock. */
export interface NestedInput {
  readonly at: number;
  readonly role: keyof typeof PULSES | null;
}

const HOUR = 3_600_000;
const START = Date.UTC(2020, 0, 1);
const PULSES = { purchase: 'bought', visit: 'came', usage: 'used' } as const;
const NAMES = ['a', 'b', 'c'];
const DELAYS = [6, 12, 24, 36, 48];
const LEVELS = {
  many: { when: 'profile.orders >= 2' },
  first: { when: 'profile.orders >= 1', edge: true },
  quiet: { absent: 'purchase', for: 'PT48H' },
  low: { below: 0.5, of: 'energy' },
  high: { above: 1.2, of: 'energy', edge: true },
} as const;

/** The YAML of a definition. */
export function nestedDefinition(options: NestedOptions): fc.Arbitrary<string> {
  const signals = [...Object.values(PULSES), ...(options.pulsesOnly ? [] : Object.keys(LEVELS))];
  const region = regionOf(options, signals);
  return fc.tuple(region('stage'), fc.option(region('mood'), { nil: undefined })).map(([stages, mood]) =>
    JSON.stringify({
      ...{ kind: 'Lifecycle', name: 'nested', version: 1, settle: 'PT12H' },
      activity: Object.keys(PULSES).map((role) => ({ event: role, role })),
      profile: { orders: { count: 'purchase' }, energy: { decayed: 'visit', halfLife: 'P1D' } },
      signals: {
        ...Object.fromEntries(Object.entries(PULSES).map(([role, name]) => [name, { on: role }])),
        ...(options.pulsesOnly ? {} : LEVELS),
      },
      stages,
      ...(mood === undefined ? {} : { regions: { mood } }),
    }),
  );
}

/** In order of time, by steps of six hours, so that much falls due at one instant; the first is an activity. */
export const nestedHistory: fc.Arbitrary<readonly NestedInput[]> = fc
  .array(fc.tuple(fc.nat(10), fc.constantFrom('purchase', 'visit', 'usage', null)), { minLength: 1, maxLength: 30 })
  .map((drawn) => {
    let at = START;
    return drawn.map(([steps, role], index) => ({ at: (at += steps * 6 * HOUR), role: index === 0 ? 'visit' : role }));
  });

type Region = NestedState & Required<Pick<NestedState, 'initial' | 'states'>>;

function regionOf(options: NestedOptions, signals: readonly string[]): (name: string) => fc.Arbitrary<Region> {
  const moves = fc.array(
    fc.record({
      from: fc.nat(),
      to: fc.nat(),
      /** To a history, where there is one. */
      back: fc.boolean(),
      signal: fc.constantFrom(...signals),
      hours: options.after ? fc.option(fc.constantFrom(...DELAYS), { nil: null, freq: 2 }) : fc.constant(null),
      reenter: fc.boolean(),
    }),
    { minLength: 8, maxLength: 30 },
  );
  return (name) =>
    fc.tuple(statesOf(options.history), moves, fc.array(fc.nat(), { maxLength: 4 })).map(([states, drawn, targets]) => {
      const region = compound(structuredClone(states));
      const all = pathsOf(region, `#${name}`);
      const histories = all.filter(({ state }) => state.type === 'history');
      for (const [index, { path, state }] of histories.entries()) {
        const inside = all.filter((one) => one.path.startsWith(path.slice(0, -1)) && one.state.type !== 'history');
        const pick = targets[index];
        if (pick !== undefined && pick % 2 === 0) state.target = pickFrom(inside, pick).path;
      }
      for (const { from, to, back, signal, hours, reenter } of drawn) {
        const { state } = pickFrom(all, from);
        if (state.type === 'final' || state.type === 'history') continue;
        const target = pickFrom(back && histories.length > 0 ? histories : all, to).path;
        if (hours === null) state.on = { [signal]: { target, reenter }, ...state.on };
        else state.after = { [`PT${hours}H`]: { target, reenter }, ...state.after };
      }
      return region;
    });
}

/** Up to four levels of states; a history is the last of its state, and called `h`. */
function statesOf(withHistory: boolean): fc.Arbitrary<Record<string, NestedState>> {
  const history = fc.option(
    fc
      .constantFrom('shallow', 'deep')
      .map((depth): Record<string, NestedState> => ({ h: { type: 'history', history: depth } })),
    { nil: {} },
  );
  const inside = (states: Record<string, NestedState>, past: Record<string, NestedState>) => ({
    ...states,
    ...(withHistory ? past : {}),
  });
  return fc.letrec<{ state: NestedState; states: Record<string, NestedState> }>((tie) => ({
    states: fc
      .array(tie('state'), { minLength: 2, maxLength: 3 })
      .map((states) => Object.fromEntries(states.map((state, index) => [NAMES[index] ?? '', state]))),
    state: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'nested' },
      { weight: 4, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.constant({ type: 'final' as const }) },
      {
        weight: 3,
        arbitrary: fc.tuple(tie('states'), history).map(([states, past]) => compound(inside(states, past))),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(tie('states'), history)
          .map(([states, past]): NestedState => ({ type: 'parallel', states: inside(states, past) })),
      },
    ),
  })).states;
}

const compound = (states: Record<string, NestedState>): Region => ({ initial: Object.keys(states)[0] ?? '', states });

function pathsOf(state: NestedState, path: string): { readonly path: string; readonly state: NestedState }[] {
  return Object.entries(state.states ?? {}).flatMap(([name, child]) => {
    const inner = `${path}.${name}`;
    return [{ path: inner, state: child }, ...pathsOf(child, inner)];
  });
}

function pickFrom<T>(items: readonly T[], index: number): T {
  const item = items[index % Math.max(1, items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}
