import type { MachineConfig, StateConfig, TransitionConfig } from '@perennial/definition';
import fc from 'fast-check';
import { createMachine, getStateNodes, initialTransition, type StateValue, transition } from 'xstate';
import { type ArmedTimer, Chart, type Configuration, type Step, timersAfter } from './statechart';
import type { StateNode } from './transitions';

const EVENTS = ['e0', 'e1', 'e2', 'e3'];
const NAMES = ['a', 'b', 'c'];

/** Random charts: three top states, of which some are nested, parallel, or remember their history; inner states go there, too. */
const chart = fc
  .array(
    fc.record({
      shape: fc.constantFrom('plain', 'nested', 'parallel', 'history'),
      depth: fc.constantFrom('shallow', 'deep'),
      together: fc.boolean(),
      on: fc.dictionary(fc.constantFrom(...EVENTS), fc.tuple(fc.nat(2), fc.boolean(), fc.boolean()), { maxKeys: 4 }),
      inner: fc.dictionary(fc.constantFrom(...EVENTS), fc.nat(4), { maxKeys: 2 }),
      after: fc.option(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(2)), { nil: undefined }),
    }),
    { minLength: 3, maxLength: 3 },
  )
  .map((drawn): MachineConfig => {
    const remembers = (index: number): boolean => drawn[index]?.shape === 'history';
    const target = (index: number, back: boolean): string =>
      `#stage.${NAMES[index] ?? 'a'}${back && remembers(index) ? '.hist' : ''}`;
    const states = drawn.map(({ shape, depth, together, on, inner, after }, index): StateConfig => {
      // To a sibling, to the state around, to its history, or to itself again.
      const innerMove = (prefix: string, to: number): TransitionConfig =>
        to < 2
          ? { target: `${prefix}${to}` }
          : to === 4
            ? { target: `${prefix}0`, reenter: true }
            : { target: target(index, to === 3) };
      const pair = (prefix: string): Record<string, StateConfig> => ({
        [`${prefix}0`]: {
          on: Object.fromEntries(Object.entries(inner).map(([event, to]) => [event, innerMove(prefix, to)])),
          after: { 5: { target: `${prefix}1` } },
        },
        [`${prefix}1`]: { after: { 7: { target: `${prefix}0` }, 8: { target: target(index, true) } } },
      });
      const history = { hist: { type: 'history', history: depth } } as const;
      const outer = {
        on: Object.fromEntries(
          Object.entries(on).map(([event, [to, back, reenter]]) => [
            event,
            { target: target(to, back), reenter: reenter || to === index },
          ]),
        ),
        ...(after === undefined
          ? {}
          : { after: { [after[0]]: { target: target(after[1], false), reenter: after[1] === index } } }),
      };
      if (shape === 'plain') return outer;
      if (shape === 'nested') return { ...outer, initial: 'n0', states: pair('n') };
      if (shape === 'history' && !together) return { ...outer, initial: 'n0', states: { ...pair('n'), ...history } };
      return {
        ...outer,
        type: 'parallel',
        states: {
          l: { initial: 'n0', states: pair('n'), after: { 6: { target: 'r' } } },
          r: { initial: 'm0', states: pair('m') },
          ...(shape === 'history' ? history : {}),
        },
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
            const toHistory = machine
              .getTransitionData(snapshot, { type: event })
              .some(({ target }) => target?.some(({ type }) => type === 'history'));
            [snapshot, effects] = transition(machine, snapshot, { type: event });
            // Of histories XState tells of states entered that were not left, and forgets some that are active.
            if (!toHistory) expect(step === null ? null : stepEffects(step)).toEqual(effectsOf(effects));
            else snapshot = machine.resolveState({ value: snapshot.value, historyValue: snapshot.historyValue });
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
  it('leaves exactly the timers of the active states running, each once, whatever the history', () => {
    fc.assert(
      fc.property(chart, fc.array(fc.tuple(fc.nat(6), fc.boolean()), { maxLength: 40 }), (config, walk) => {
        const machine = createMachine(config as Parameters<typeof createMachine>[0]);
        const ours = new Chart({ name: 'stage', machine: config }, EVENTS);
        let configuration: Configuration = ours.initial.target;
        let timers = timersAfter([], ours.initial, 0, null);
        const spent = new Set<string>();
        for (const [at, [drawn, byTimer]] of walk.entries()) {
          const fired: ArmedTimer | null = byTimer ? (timers[drawn % Math.max(1, timers.length)] ?? null) : null;
          const event = fired?.event ?? EVENTS[drawn % EVENTS.length] ?? '';
          const step = fired ? ours.onTimer(configuration, event) : ours.onSignal(configuration, drawn % EVENTS.length);
          if (step === null) continue;
          timers = timersAfter(timers, step, at, fired);
          configuration = step.target;
          if (fired !== null) spent.add(event);
          for (const { event: begun } of step.started) spent.delete(begun);
          const [value] = JSON.parse(configuration.key) as [StateValue];
          const nodes: ReadonlySet<StateNode> = new Set(getStateNodes(machine.root, value));
          const active = [...nodes].flatMap(({ after }) => after.map(({ eventType }) => eventType));
          expect(timers.map(({ event: running }) => running).sort()).toEqual(
            active.filter((name) => !spent.has(name)).sort(),
          );
        }
      }),
      { numRuns: 200 },
    );
  });
  it.each([
    ['shallow', 'h', { 'stage.p.x': 50, 'stage.p': 0 }],
    ['deep', 'h', { 'stage.p.x': 50, 'stage.p': 0 }],
    ['shallow', '#stage.p', { 'stage.p.x': 50, 'stage.p': 50 }],
  ] as const)(
    'of a state with a %s history to %s, taken inside, restarts what it leads out of',
    (history, target, entered) => {
      const x = { on: { e0: { target } }, after: { 10: { target: 'y' } } };
      const p = {
        initial: 'x',
        after: { 20: { target: 'q' } },
        states: { x, y: {}, h: { type: 'history', history } },
      } as const;
      const ours = new Chart({ name: 'stage', machine: { id: 'stage', initial: 'p', states: { p, q: {} } } }, EVENTS);
      const step = ours.onSignal(ours.initial.target, 0);
      const timers = step === null ? [] : timersAfter(timersAfter([], ours.initial, 0, null), step, 50, null);
      const since = timers.map(({ event, due }) => {
        const [, delay = '', state = ''] = /^xstate\.after\.(\d+)\.(.+)$/.exec(event) ?? [];
        return [state, due - Number(delay)];
      });
      expect(Object.fromEntries(since)).toEqual(entered);
    },
  );
  it('to the history of a parallel state, taken by that state, restarts its parts, and not the state itself', () => {
    const part = { initial: 'x', states: { x: { after: { 10: { target: 'x' } } } } };
    const states = { l: part, r: part, h: { type: 'history', history: 'deep' } } as const;
    const p = { type: 'parallel', on: { e0: { target: '.h' } }, after: { 20: { target: 'q' } }, states } as const;
    const ours = new Chart({ name: 'stage', machine: { id: 'stage', initial: 'p', states: { p, q: {} } } }, EVENTS);
    const started = ours.onSignal(ours.initial.target, 0)?.started.map(({ event }) => event);
    expect(started).toEqual(['xstate.after.10.stage.p.l.x', 'xstate.after.10.stage.p.r.x']);
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
