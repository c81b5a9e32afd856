import type { MachineConfig, StateConfig } from '@perennial/definition';
import fc from 'fast-check';
import { createMachine, initialTransition, transition } from 'xstate';
import { Chart, type Configuration, type Step } from './chart';

const EVENTS = ['e0', 'e1', 'e2', 'e3'];
const NAMES = ['a', 'b', 'c'];

/** Random charts: three top states, of which some are nested, parallel, or remember their history. */
const chart = fc
  .array(
    fc.record({
      shape: fc.constantFrom('plain', 'nested', 'parallel', 'history'),
      on: fc.dictionary(fc.constantFrom(...EVENTS), fc.tuple(fc.nat(2), fc.boolean(), fc.boolean()), { maxKeys: 4 }),
      inner: fc.dictionary(fc.constantFrom(...EVENTS), fc.nat(1), { maxKeys: 2 }),
      after: fc.option(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(2)), { nil: undefined }),
    }),
    { minLength: 3, maxLength: 3 },
  )
  .map((drawn): MachineConfig => {
    const remembers = (index: number): boolean => drawn[index]?.shape === 'history';
    const target = (index: number, back: boolean): string =>
      `#stage.${NAMES[index] ?? 'a'}${back && remembers(index) ? '.hist' : ''}`;
    const states = drawn.map(({ shape, on, inner, after }): StateConfig => {
      const pair = (prefix: string): Record<string, StateConfig> => ({
        [`${prefix}0`]: {
          on: Object.fromEntries(Object.entries(inner).map(([event, to]) => [event, { target: `${prefix}${to}` }])),
        },
        [`${prefix}1`]: { after: { 7: { target: `${prefix}0` } } },
      });
      const outer = {
        on: Object.fromEntries(
          Object.entries(on).map(([event, [to, back, reenter]]) => [event, { target: target(to, back), reenter }]),
        ),
        ...(after === undefined ? {} : { after: { [after[0]]: { target: target(after[1], false) } } }),
      };
      if (shape === 'plain') return outer;
      if (shape === 'nested') return { ...outer, initial: 'n0', states: pair('n') };
      if (shape === 'history')
        return { ...outer, initial: 'n0', states: { ...pair('n'), hist: { type: 'history', history: 'deep' } } };
      return {
        ...outer,
        type: 'parallel',
        states: { l: { initial: 'n0', states: pair('n') }, r: { initial: 'm0', states: pair('m') } },
      };
    });
    return {
      id: 'stage',
      initial: 'a',
      states: Object.fromEntries(states.map((state, index) => [NAMES[index] ?? '', state])),
    };
  });

interface Effect {
  type: string;
  params: { id?: string; delay?: number; sendId?: string };
}
const effectsOf = (effects: readonly unknown[]): string[] =>
  (effects as Effect[])
    .map(({ type, params }) => `${type} ${params.id ?? params.sendId ?? ''} ${params.delay ?? ''}`)
    .sort();
const stepEffects = (step: Step): string[] =>
  [
    ...step.started.map(({ event, delay }) => `xstate.raise ${event} ${delay}`),
    ...step.cancelled.map((event) => `xstate.cancel ${event} `),
  ].sort();

describe('a remembered step', () => {
  it("is XState's own transition, on random charts and walks, also from a stored configuration", () => {
    fc.assert(
      fc.property(
        chart,
        fc.array(fc.tuple(fc.nat(3), fc.boolean(), fc.boolean()), { maxLength: 25 }),
        (config, walk) => {
          const machine = createMachine(config as Parameters<typeof createMachine>[0]);
          const ours = new Chart({ name: 'stage', machine: config }, EVENTS);
          let [snapshot, effects] = initialTransition(machine);
          let configuration: Configuration = ours.initial.target;
          const running = new Set(ours.initial.started.map(({ event }) => event));
          expect(stepEffects(ours.initial)).toEqual(effectsOf(effects));
          for (const [drawn, byTimer, restore] of walk) {
            const timer = [...running].sort()[drawn];
            const event = byTimer && timer !== undefined ? timer : (EVENTS[drawn] ?? '');
            const from = restore ? new Chart({ name: 'stage', machine: config }, EVENTS) : ours;
            const start = from.configuration(configuration.key);
            const step = event === timer ? from.onTimer(start, event) : from.onSignal(start, drawn);
            if (!snapshot.can({ type: event })) {
              expect(step).toBeNull();
              continue;
            }
            [snapshot, effects] = transition(machine, snapshot, { type: event });
            expect(step === null ? null : stepEffects(step)).toEqual(effectsOf(effects));
            configuration = ours.configuration(step?.target.key ?? '');
            expect((JSON.parse(configuration.key) as unknown[])[0]).toEqual(snapshot.value);
            for (const gone of step?.cancelled ?? []) running.delete(gone);
            if (event === timer) running.delete(event);
            for (const { event: begun } of step?.started ?? []) running.add(begun);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
  it('is asked of XState once: the same object comes back', () => {
    const ours = new Chart(
      { name: 'stage', machine: { id: 'stage', initial: 'a', states: { a: { on: { e0: { target: 'b' } } }, b: {} } } },
      EVENTS,
    );
    expect(ours.onSignal(ours.initial.target, 0)).toBe(ours.onSignal(ours.initial.target, 0));
    expect(ours.onSignal(ours.initial.target, 1)).toBeNull();
  });
});
