import type { MachineConfig } from '@perennial/definition';
import { Chart } from './statechart';

/** A parallel state, whose parts lead there at one event, with a history and a state beside it. */
const parallel = (left: string, right: string): MachineConfig => ({
  id: 'stage',
  initial: 'p',
  states: {
    p: {
      type: 'parallel',
      states: {
        l: { initial: 'x', states: { x: { on: { e: { target: left } } }, y: {} } },
        r: { initial: 'm', states: { m: { on: { e: { target: right } } }, n: {} } },
        h: { type: 'history', history: 'deep' },
      },
    },
    q: {},
  },
});

describe('transitions of the parts of a parallel state', () => {
  it.each([
    ['y', 'n', 'p.(l.x|r.m) → p.(l.y|r.n)', ['stage.p.l.x', 'stage.p.r.m']],
    ['y', '#stage.q', 'p.(l.x|r.m) → p.(l.y|r.m)', ['stage.p.l.x']],
    ['#stage.q', 'n', 'p.(l.x|r.m) → q', ['stage.p.l.x']],
    ['y', '#stage.p.h', 'p.(l.x|r.m) → p.(l.y|r.m)', ['stage.p.l.x']],
  ])('to %s and %s are taken together, or the first alone', (left, right, path, origins) => {
    const chart = new Chart({ name: 'stage', machine: parallel(left, right) }, ['e']);
    expect(chart.onSignal(chart.initial.target, 0)).toMatchObject({ path, origins });
  });
});

describe('the `after` of a parallel state', () => {
  /** The left part leads to the history, which stays inside; the right one may lead out, and then is not taken. */
  const timed = (right: string): Chart => {
    const machine = parallel('#stage.p.h', right);
    const states = { ...machine.states, p: { ...machine.states.p, after: { 1000: { target: 'q' } } } };
    return new Chart({ name: 'stage', machine: { ...machine, states } }, ['e']);
  };
  const event = 'xstate.after.1000.stage.p';

  it.each(['n', '#stage.q', '#stage.p'])('goes on when a part leads to its history, and another to %s', (right) => {
    const chart = timed(right);
    expect(chart.initial.started).toEqual([{ event, number: 0, delay: 1000 }]);
    const step = chart.onSignal(chart.initial.target, 0);
    expect(step?.started).toEqual([]);
    expect(step?.cancelled).toEqual([]);
    expect(step === null ? null : chart.onTimer(step.target, event)?.path).toMatch(/→ q$/);
  });
});
