/** What XState's configs have and definitions have not is refused where it stands: the lists are checked against XState's types. */
import type { AnyStateNodeConfig, AnyTransitionConfig } from 'xstate';
import { added } from '../../fixtures/problem-cases';
import { compile } from '../compile';

/** A value that XState takes; null for a key that definitions have, too. */
type Keys<K extends string> = Readonly<Record<K, string | null>>;

const OF_STATES: Keys<keyof AnyStateNodeConfig> = {
  ...{ type: null, initial: null, states: null, on: null, after: null, history: null, target: null, description: null },
  always: 'new',
  entry: 'notify',
  exit: '[notify]',
  id: 'here',
  invoke: '{ src: fetch }',
  meta: '{ colour: red }',
  onDone: 'new',
  order: '3',
  output: '{ a: 1 }',
  parent: 'new',
  route: '{}',
  tags: '[busy]',
};

const OF_MOVES: Keys<keyof AnyTransitionConfig> = {
  ...{ target: null, reenter: null },
  actions: 'notify',
  description: 'why',
  guard: 'isVip',
  meta: '{ colour: red }',
};

/** XState's root has all that states have, and more. */
const OF_REGIONS: Keys<keyof AnyStateNodeConfig | 'context' | 'version' | 'options'> = {
  ...OF_STATES,
  type: 'parallel',
  on: '{ quiet: a }',
  after: '{ P1D: a }',
  history: 'deep',
  target: 'a',
  context: '{ count: 0 }',
  version: '"1.0"',
  options: '{ maxIterations: 3 }',
};

/** Values that XState takes for keys that definitions have. */
const VALUES: readonly (readonly [what: string, lines: string])[] = [
  ['type: atomic', 'x: { type: ‸atomic }'],
  ['type: compound', 'x: { type: ‸compound, initial: a, states: { a: } }'],
  ['initial with actions', 'x: { initial: ‸{ target: a, actions: notify }, states: { a: } }'],
  ['history: true', 'x: { initial: a, states: { a: , h: { type: history, history: ‸true } } }'],
  ['on with every event', 'x: { on: { ‸"*": new } }'],
  ['on with some events', 'x: { on: { ‸"quiet.*": new } }'],
  ['on with several moves', 'x: { on: { quiet: ‸[{ target: new }] } }'],
  ['on with nothing', 'x: { on: { quiet: ‸} }'],
  ['a move without a target', 'x: { on: { quiet: ‸{ reenter: true } } }'],
  ['a move to several targets', 'x: { on: { quiet: { target: ‸[new, gone] } } }'],
  ['after as a list', 'x: { after: ‸[{ delay: 1000, target: new }] }'],
  ['after in ms', 'x: { after: { ‸1000: new } }'],
  ['after with a named delay', 'x: { after: { ‸patience: new } }'],
  ['a target by id', 'x: { on: { quiet: ‸"#here" } }'],
  ['a target in another region', 'x: { on: { quiet: ‸"#mood.new" } }'],
  ['on of a final state', 'x: { type: final, ‸on: { quiet: new } }'],
  ['after of a history', 'x: { initial: a, states: { a: , h: { type: history, ‸after: { P1D: a } } } }'],
  ['initial of a parallel state', 'x: { type: parallel, ‸initial: a, states: { a: } }'],
  ['states of a final state', 'x: { type: final, ‸states: { a: } }'],
];

const refusedOf = (keys: Keys<string>): [key: string, value: string][] =>
  Object.entries(keys).flatMap(([key, value]) => (value === null ? [] : [[key, value] as [string, string]]));

/** The errors of a definition with these lines, as `line:column`, and where they are expected. */
function refusal(section: 'states' | 'end', lines: string) {
  const { source, line, column } = added('', '', section, lines, /./);
  const compiled = compile(source);
  const errors = compiled.ok ? [] : compiled.problems.map((problem) => `${problem.line}:${problem.column}`);
  const messages = compiled.ok ? [] : compiled.problems.map(({ message }) => message);
  return { at: `${line}:${column}`, errors, messages };
}

describe('a key of XState that definitions have not', () => {
  it.each(refusedOf(OF_STATES))('is refused in a state: %s', (key, value) => {
    const { at, errors, messages } = refusal('states', `x: { ‸${key}: ${value} }`);
    expect(errors).toEqual([at]);
    expect(messages[0]).toContain(`"${key}" has no place here: `);
  });

  it.each(refusedOf(OF_MOVES))('is refused in a move: %s', (key, value) => {
    for (const move of ['on: { quiet', 'after: { P1D']) {
      const { at, errors, messages } = refusal('states', `x: { ${move}: { target: new, ‸${key}: ${value} } } }`);
      expect(errors).toEqual([at]);
      expect(messages[0]).toContain(`"${key}"`);
    }
  });

  it.each(refusedOf(OF_REGIONS))('is refused in a region: %s', (key, value) => {
    const { at, errors, messages } = refusal(
      'end',
      `regions: { r: { initial: a, states: { a: }, ‸${key}: ${value} } }`,
    );
    expect(errors).toEqual([at]);
    expect(messages[0]).toContain(`"${key}" has no place here: `);
  });

  it.each(VALUES)('is refused where its value is no value of ours: %s', (_what, lines) => {
    const { at, errors } = refusal('states', lines);
    expect(errors).toContain(at);
  });
});
