import type { MachineConfig } from '@perennial/definition';
import { Chart } from './chart';

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
