import { compile } from '../compile';

const HEAD = [
  'kind: Lifecycle',
  'name: x',
  'version: 1',
  'activity: [{ type: page, role: visit }]',
  'profile: { energy: { decayed: visit, halfLife: P7D }, visits: { count: visit } }',
  'signals:',
];

/** Warnings about a chart in which `one` leads from a to b, and `two` back. */
function cyclesOf(one: string, two: string, states?: string): readonly string[] {
  const chart = states ?? '{ a: { on: { one: b } }, b: { on: { two: a } } }';
  const tail = [`  one: ${one}`, `  two: ${two}`, `stages: { initial: a, states: ${chart} }`];
  const compiled = compile([...HEAD, ...tail].join('\n'));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.warnings.filter(({ code }) => code === 'DEFINITION.SIGNAL_CYCLE').map(({ message }) => message);
}

describe('cycles of moves', () => {
  const level = '{ when: profile.visits >= 1 }';
  const absent = '{ absent: visit, for: P7D }';

  it('are warned of when all their signals can be on together', () => {
    expect(cyclesOf(level, absent)).toEqual([
      'While "one" and "two" are on, customers go round: a → b → a. Let the signals exclude each other, or mark one with edge: true.',
    ]);
  });

  it.each([
    ['a pulse', level, '{ on: visit }'],
    ['an edge', level, '{ absent: visit, for: P7D, edge: true }'],
    ['conditions that exclude each other', level, '{ when: profile.visits < 1 }'],
    ['crossings that exclude each other', '{ below: 1, of: energy }', '{ above: 2, of: energy }'],
  ])('are none with %s', (_what, one, two) => {
    expect(cyclesOf(one, two)).toEqual([]);
  });

  it('are found again when hysteresis keeps a signal on', () => {
    expect(
      cyclesOf('{ when: profile.visits >= 1, until: profile.visits < 0 }', '{ when: profile.visits < 1 }'),
    ).toHaveLength(1);
    expect(cyclesOf('{ below: 2, of: energy }', '{ above: 1, of: energy }')).toHaveLength(1);
  });

  it('are found once, through nested states', () => {
    expect(
      cyclesOf(
        level,
        absent,
        '{ a: { initial: i, states: { i: }, on: { one: b } }, b: { on: { two: c } }, c: { on: { one: a } } }',
      ),
    ).toEqual([expect.stringContaining('i → b → c → i')]);
  });

  it('are none of a state that enters itself again, which it does when the signal turns on only', () => {
    expect(cyclesOf(level, absent, '{ a: { on: { one: { target: a, reenter: true }, two: a } } }')).toEqual([]);
  });

  it('are searched for a bounded time', () => {
    const names = Array.from({ length: 40 }, (_, index) => `a${index}`);
    const signals = names.map((name) => `  ${name}: { when: profile.visits >= 1 }`);
    const states = names.map(
      (name) =>
        `${name}: { on: { ${names
          .filter((other) => other !== name)
          .map((other) => `${other}: ${other}`)
          .join(', ')} } }`,
    );
    const source = [...HEAD, ...signals, `stages: { initial: a0, states: { ${states.join(', ')} } }`].join('\n');
    const compiled = compile(source);
    expect(compiled.ok && compiled.warnings).toHaveLength(10);
  });
});
