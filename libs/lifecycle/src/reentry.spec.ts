import { Story } from '@perennial/testing';

const DAY = 86_400_000;

/** A definition with these stages, over orders, visits and a decayed energy; `head` adds keys, `signals` more signals. */
const withStages = (states: string, { signals = '', head = '' } = {}): string => `
kind: Lifecycle
name: shop
version: 1
${head}
activity:
  - { event: order, role: purchase }
  - { event: visit, role: visit }
profile:
  orders: { count: purchase }
  visits: { count: visit }
  energy: { decayed: visit, halfLife: P14D }
signals:
  stay: { when: profile.orders >= 1 }
  quiet: { absent: purchase, for: P60D }
  ping: { on: visit }
${signals}
stages:
  initial: a
  states:
${states}
`;
const told = (states: string, more = {}): Story => new Story(withStages(states, more));
/** The rows of timers: when each falls due, by the day of January. */
const due = (story: Story): number[] =>
  (story.state?.regions[0]?.timers ?? []).map((timer) => (timer.due - Date.UTC(2011, 0, 1)) / DAY + 1);

describe('a re-entry', () => {
  const staying = '    a: { on: { stay: a, quiet: b }, after: { P3D: c } }\n    b: {}\n    c: {}';

  it('by a signal that is on happens when it turns on, and not again: the customer leaves in time', () => {
    const story = told(staying).does('order', '2011-01-01').does('order', '2011-01-02').clock('2011-06-01');
    expect(story.moves.slice(1)).toEqual(['a → c at 2011-01-04T00:00:00 by after']);
    expect(story.state?.settleAt).toBeNull();
  });
  it('restarts the `after`s of the state, states nothing, and changes neither `since` nor `previousStageEnteredAt`', () => {
    const story = told(staying).does('visit', '2011-01-01').does('order', '2011-01-03');
    expect(due(story)).toEqual([6]);
    expect(story.facts.filter(({ kind }) => kind !== 'signal')).toHaveLength(2);
    story.clock('2011-02-01');
    const [, moved] = story.facts.filter(({ kind }) => kind === 'stage-changed');
    expect(moved).toMatchObject({ occurredAt: Date.UTC(2011, 0, 6), previousStageEnteredAt: Date.UTC(2011, 0, 1) });
  });
  it('by a pulse happens at each pulse', () => {
    const story = told('    a: { on: { ping: a }, after: { P3D: b } }\n    b: {}').does('visit', '2011-01-01');
    story.does('visit', '2011-01-03').does('order', '2011-01-04').does('visit', '2011-01-05');
    expect(due(story)).toEqual([8]);
  });
  it('leaves the region free to move at its instant', () => {
    const story = told('    a: { on: { stay: a, ping: b, back: b } }\n    b: {}', {
      signals: '  back: { on: purchase }',
    });
    expect(story.does('order', '2011-01-01').moves.at(-1)).toBe('a → b at 2011-01-01T00:00:00 by activity back a1');
  });
  it('is waited for by nobody: a state in which it would happen again does not settle', () => {
    const story = told('    a: { on: { ping: b } }\n    b: { on: { stay: b } }').does('order', '2011-01-01');
    expect(story.does('visit', '2011-01-02').state?.settleAt).toBeNull();
    expect(story.last.deadline).toBeUndefined();
  });
  it('by an `after` happens each time it falls due, and restarts the other `after`s of the state', () => {
    const story = told('    a: { after: { P2D: a, P3D: b } }\n    b: {}').does('order', '2011-01-01');
    story.clock('2011-02-01');
    expect(story.moves).toHaveLength(1);
    expect(due(story)).toEqual([33, 34]);
  });
  it('by an `after` is not held back by a move of the same instant', () => {
    const states = `    a:
      type: parallel
      states:
        l: { initial: x, states: { x: { after: { P2D: y } }, y: {} } }
        r: { initial: m, states: { m: { after: { P2D: m } } } }`;
    const story = told(states).does('order', '2011-01-01').clock('2011-01-03T12:00');
    expect(story.moves.at(-1)).toBe('a.(l.x|r.m) → a.(l.y|r.m) at 2011-01-03T00:00:00 by after');
    expect(story.state?.settleAt).toBeNull();
    expect(due(story)).toEqual([5]);
  });
});

describe('a re-entry of nested states', () => {
  it('into the state around restarts both; into a state inside it, the inner one alone', () => {
    const around =
      told(`    a: { initial: x, after: { P9D: b }, states: { x: { on: { ping: '#stage.a' }, after: { P5D: '#stage.b' } } } }
    b: {}`);
    expect(due(around.does('order', '2011-01-01').does('visit', '2011-01-03'))).toEqual([12, 8]);
    const inside =
      told(`    a: { initial: x, on: { ping: .x }, after: { P9D: b }, states: { x: { after: { P5D: '#stage.b' } } } }
    b: {}`);
    expect(due(inside.does('order', '2011-01-01').does('visit', '2011-01-03')).sort()).toEqual([10, 8]);
  });
  it('is a move when it leads to another state inside, and settles like one', () => {
    const states = `    a: { initial: x, on: { stay: a, ping: .y }, states: { x: {}, y: {} } }`;
    const story = told(states).does('order', '2011-01-01').does('visit', '2011-01-02').clock('2011-02-01');
    expect(story.moves.slice(1)).toEqual([
      'a.x → a.y at 2011-01-02T00:00:00 by activity ping a2',
      'a.y → a.x at 2011-01-03T00:00:00 by settle stay',
    ]);
  });
  it('hides a move of the state around: the innermost state that accepts a signal decides', () => {
    const states = `    a: { initial: x, on: { stay: b }, states: { x: { on: { stay: x } } } }\n    b: {}`;
    expect(told(states).does('order', '2011-01-01').clock('2011-02-01').moves).toHaveLength(1);
  });
  it('of one part of a parallel state is part of a move, when another part moves by the same signal', () => {
    const states = `    a:
      type: parallel
      states:
        l: { initial: x, states: { x: { on: { ping: y } }, y: {} } }
        r: { initial: m, states: { m: { on: { ping: m }, after: { P5D: n } }, n: {} } }`;
    const story = told(states).does('order', '2011-01-01').does('visit', '2011-01-03');
    expect(story.moves.at(-1)).toContain('a.(l.x|r.m) → a.(l.y|r.m)');
    expect(due(story)).toEqual([8]);
  });
  it('through a history restarts what the history leads out of', () => {
    const states = `    a: { initial: x, after: { P9D: b }, states: { x: { on: { ping: h }, after: { P5D: '#stage.b' } }, h: { type: history } } }
    b: {}`;
    expect(due(told(states).does('order', '2011-01-01').does('visit', '2011-01-03')).sort()).toEqual([10, 8]);
  });
});

describe('several `after`s of one instant', () => {
  it('are offered by the time of entry, then from the outer state to the inner, until one moves the region', () => {
    const states = `    a: { initial: x, after: { P3D: c }, states: { x: { after: { P3D: '#stage.b' } } } }\n    b: {}\n    c: {}`;
    expect(told(states).does('order', '2011-01-01').clock('2011-02-01').moves.slice(1)).toEqual([
      'a.x → c at 2011-01-04T00:00:00 by after',
    ]);
    const later = states
      .replace('x: {', 'w: { on: { ping: x } }, x: {')
      .replace('initial: x', 'initial: w')
      .replace('P3D: c', 'P5D: c');
    const story = told(later).does('order', '2011-01-01').does('visit', '2011-01-03').clock('2011-02-01');
    expect(story.moves.at(-1)).toBe('a.x → c at 2011-01-06T00:00:00 by after');
  });
  it('that are held back stay due, and are offered at the settle time', () => {
    const states = `    a:
      type: parallel
      states:
        l: { initial: x, states: { x: { after: { P3D: y } }, y: {} } }
        r: { initial: m, states: { m: { after: { P3D: n } }, n: {} } }`;
    expect(told(states).does('order', '2011-01-01').clock('2011-02-01').moves.slice(1)).toEqual([
      'a.(l.x|r.m) → a.(l.y|r.m) at 2011-01-04T00:00:00 by after',
      'a.(l.y|r.m) → a.(l.y|r.n) at 2011-01-05T00:00:00 by after',
    ]);
  });
});

describe('evaluations of one input', () => {
  const daily = '    a: { on: { quiet: b }, after: { P1D: a } }\n    b: {}';
  const everySecond = '    a: { after: { PT1S: a } }';

  it('fire a year of daily re-entries, by a clock as by an activity', () => {
    const byClock = told(daily.replace('quiet: b', 'ping: b')).does('order', '2011-01-01').clock('2012-01-01');
    const byActivity = told(daily.replace('quiet: b', 'ping: b'))
      .does('order', '2011-01-01')
      .does('order', '2012-01-01');
    for (const { last } of [byClock, byActivity])
      expect(last).toMatchObject({ evaluations: 365, state: { parked: false } });
  });
  it.each(['clock', 'activity'])(
    'are 10,000 at most: then the customer is parked, by an input that is a %s',
    (kind) => {
      const story = told(everySecond).does('order', '2011-01-01');
      if (kind === 'clock') story.clock('2011-01-09');
      else story.does('order', '2011-01-09');
      expect(story.last.evaluations).toBe(10_000);
      expect(story.state?.parked).toBe(true);
    },
  );
});

describe('the cause at a deadline', () => {
  it('is no settling when a crossing turns off at the settle time', () => {
    // Energy 1 halves in 14 days, and is 0.5 when it is rounded a millisecond before.
    const story = told('    a: { on: { ping: b } }\n    b: { on: { stay: c } }\n    c: {}', {
      head: 'settle: P13DT23H59M59.999S',
      signals: '  lively: { above: 0.5, of: energy }',
    });
    story.does('order', '2011-01-01').does('visit', '2011-01-02').clock('2011-03-01');
    expect(story.flips).toContain('lively off at 2011-01-15T23:59:59.999Z');
    expect(story.moves.at(-1)).toBe('b → c at 2011-01-15T23:59:59.999Z by deadline stay');
  });
});

describe('where a customer stands', () => {
  it('is stated when an input leads away from a stage and back, with the new `since`', () => {
    const story = told('    a: { on: { quiet: b } }\n    b: { on: { back: a } }', {
      signals: '  back: { on: purchase }',
    });
    story.does('order', '2011-01-01').does('order', '2011-04-01');
    expect(story.facts.filter(({ kind }) => kind === 'state')).toEqual([
      { kind: 'state', cycle: 'main', stage: 'a', since: Date.UTC(2011, 0, 1) },
      { kind: 'state', cycle: 'main', stage: 'a', since: Date.UTC(2011, 3, 1) },
    ]);
  });
});
