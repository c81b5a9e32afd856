import { fileOf, problemsOf } from '../fixtures/shop';
import { FAMILY, TEST_PROBLEM_CODES } from './problems';
import { readTestFile } from './test-file';

/** A file whose steps have a mark where the problem stands, its code, and what the message has to say. */
const PROBLEMS: readonly (readonly [code: string, what: string, marked: string, says: RegExp])[] = [
  // names, each with what may have been meant
  [
    'UNKNOWN_STATE',
    'a stage',
    '- activity: Order\n  expect: { stage: ‸actve }',
    /has no state "actve"; it has new, active.*Did you mean "active"\?/,
  ],
  ['UNKNOWN_STATE', 'a state of another region', '- activity: Order\n  expect: { stage: ‸fresh }', /no state "fresh"/],
  ['UNKNOWN_STATE', 'from', '- activity: Order\n  expect: { moves: [{ from: ‸nwe }] }', /Did you mean "new"/],
  [
    'UNKNOWN_STATE',
    'to',
    '- activity: Order\n  expect: { facts: { exclude: [{ to: ‸gonne }] } }',
    /Did you mean "gone"/,
  ],
  [
    'UNKNOWN_STATE',
    'to of a region',
    '- activity: Order\n  expect: { moves: [{ region: mood, to: ‸gone }] }',
    /it has fresh, slack/,
  ],
  [
    'UNKNOWN_STATE',
    'a path',
    '- activity: Order\n  expect: { moves: [{ path: ‸new → active.plian }] }',
    /Did you mean "plain"/,
  ],
  [
    'UNKNOWN_STATE',
    'the state of a region',
    '- activity: Order\n  expect: { regions: { mood: ‸slak } }',
    /Did you mean "slack"/,
  ],
  ['UNKNOWN_REGION', 'a region', '- activity: Order\n  expect: { regions: { ‸mod: fresh } }', /Did you mean "mood"/],
  [
    'UNKNOWN_REGION',
    'the region of a move',
    '- activity: Order\n  expect: { moves: [{ region: ‸mod }] }',
    /no region "mod"/,
  ],
  ['UNKNOWN_SIGNAL', 'a signal', '- activity: Order\n  expect: { signals: { ‸bougth: on } }', /Did you mean "bought"/],
  [
    'UNKNOWN_SIGNAL',
    'the signal of a fact',
    '- activity: Order\n  expect: { facts: { exclude: [{ signal: ‸quite }] } }',
    /Did you mean "quiet"/,
  ],
  ['UNKNOWN_SIGNAL', 'a cause', '- activity: Order\n  expect: { moves: [{ cause: ‸boght }] }', /Did you mean "bought"/],
  [
    'UNKNOWN_SIGNAL',
    'the signal of a cause',
    '- activity: Order\n  expect: { moves: [{ cause: { signal: ‸boght } }] }',
    /Did you mean "bought"/,
  ],
  [
    'UNKNOWN_FIELD',
    'a field',
    '- activity: Order\n  expect: { profile: { ‸order: 1 } }',
    /no field of the profile "order".*Did you mean "orders"/,
  ],
  [
    'UNKNOWN_DEADLINE',
    'a deadline',
    '- activity: Order\n  expect: { deadlines: { ‸quite: P10D } }',
    /Did you mean "quiet"/,
  ],
  [
    'UNKNOWN_DEADLINE',
    'a delay',
    '- activity: Order\n  expect: { deadlines: { ‸after P6D: P6D } }',
    /after P5D, new after P5D/,
  ],
  [
    'UNKNOWN_DEADLINE',
    'a delay of another state',
    '- activity: Order\n  expect: { deadlines: { ‸gone after P5D: none } }',
    /no deadline/,
  ],
  [
    'UNKNOWN_EVENT',
    'an event',
    '- activity: ‸Oder\n  expect: { stage: new }',
    /No row of shop version 2 matches the event "Oder"; it has Order, Refund, Seats. Did you mean "Order"\? .*uncatalogued/,
  ],
  ['UNKNOWN_EVENT', 'a type', '- activity: { type: ‸screen }\n  expect: { entered: false }', /matches the type screen/],
  [
    'UNKNOWN_CUSTOMER',
    'a customer',
    '- { customer: anna, activity: Order }\n- { customer: ‸ana, expect: { facts: none } }',
    /"ana" does nothing in this test.*Did you mean "anna"/,
  ],
  [
    'UNKNOWN_CUSTOMER',
    'nobody',
    '- { customer: anna, activity: Order }\n- { expect: ‸{ facts: none } }',
    /The customer without a name does nothing/,
  ],
  [
    'UNKNOWN_ACTIVITY',
    'an id',
    '- activity: { event: Order, id: order-1 }\n  expect: { moves: [{ cause: { activity: ‸order1 } }] }',
    /Did you mean "order-1"/,
  ],
  [
    'UNKNOWN_ACTIVITY',
    'the id of a signal',
    '- activity: { event: Order }\n  expect: { facts: [{ signal: bought, activity: ‸o1 }] }',
    /No activity of the test has the id "o1"/,
  ],
  // what can never be
  ['NEVER', 'a pulse that is on', '- activity: Order\n  expect: { signals: { ‸back: on } }', /is a pulse/],
  [
    'NEVER',
    'a fact of a pulse that is on',
    '- activity: Order\n  expect: { facts: [{ signal: seen, change: ‸on }] }',
    /is a pulse/,
  ],
  [
    'NEVER',
    'a level that pulses',
    '- activity: Order\n  expect: { facts: [{ signal: bought, change: ‸pulse }] }',
    /is no pulse/,
  ],
  [
    'NEVER',
    'a pulse that nobody publishes',
    '- activity: Order\n  expect: { facts: { exclude: [‸{ signal: back }] } }',
    /publish: true/,
  ],
  [
    'NEVER',
    'a deadline of a level',
    '- activity: Order\n  expect: { deadlines: { ‸bought: none } }',
    /has no deadline/,
  ],
  [
    'NEVER',
    'a fact of the future',
    '- activity: Order\n  expect: { moves: [{ at: ‸P1D }] }',
    /the clock stands at start/,
  ],
  ['NEVER', 'half a cent', '- activity: Order\n  expect: { profile: { spend: ‸12.5 } }', /write 1250, or 12\.50 EUR/],
  [
    'NEVER',
    'half a seat',
    '- activity: Order\n  expect: { profile: { seats: ‸2.5 } }',
    /in whole numbers, so it is never 2\.5\.$/,
  ],
  [
    'NEVER',
    'an empty range',
    '- activity: Order\n  expect: { profile: { orders: ‸{ atLeast: 2, atMost: 1 } } }',
    /No number/,
  ],
  [
    'NEVER',
    'a negative tolerance',
    '- activity: Order\n  expect: { profile: { energy: { about: 1, within: ‸-1 } } }',
    /less than 0/,
  ],
  ['NEVER', 'a path without an arrow', '- activity: Order\n  expect: { moves: [{ path: ‸active.plain }] }', /arrow/],
  // nothing expected
  ['NO_EXPECTATION', 'an empty expect', '- activity: Order\n  expect: ‸{}', /Nothing is expected/],
  [
    'NO_EXPECTATION',
    'empty signals',
    '- activity: Order\n  expect: { stage: active, ‸signals: {} }',
    /"signals" states nothing/,
  ],
  ['NO_EXPECTATION', 'an empty profile', '- activity: Order\n  expect: { ‸profile: {} }', /"profile" states nothing/],
  ['NO_EXPECTATION', 'empty deadlines', '- activity: Order\n  expect: { ‸deadlines: {} }', /or deadlines: none/],
  ['NO_EXPECTATION', 'empty regions', '- activity: Order\n  expect: { ‸regions: {} }', /"regions" states nothing/],
  [
    'CONFLICTING_KEYS',
    'a bound beside parts',
    '- activity: Order\n  expect: { profile: { pace: { count: 0, ‸atLeast: 5 } } }',
    /of no part/,
  ],
  ['NO_EXPECTATION', 'a fact that is any', '- activity: Order\n  expect: { moves: [‸{}] }', /states nothing/],
  [
    'NO_EXPECTATION',
    'a fact with its kind alone',
    '- activity: Order\n  expect: { facts: { include: [‸{ kind: stage-changed }] } }',
    /states nothing/,
  ],
  [
    'NO_EXPECTATION',
    'a cause that is any',
    '- activity: Order\n  expect: { moves: [{ cause: ‸{} }] }',
    /cause states nothing/,
  ],
  // time
  [
    'TIME',
    'back in time',
    '- { at: P3D, activity: Order }\n- { at: ‸P2D, expect: { stage: new } }',
    /The clock stands at P3D already.*timestamp/,
  ],
  [
    'TIME',
    'an activity of the future',
    '- activity: { event: Order, timestamp: ‸P1D }\n  expect: { stage: new }',
    /nothing arrives before it happens/,
  ],
  ['TIME', 'the end of time', '- activity: Order\n- ‸at: 9000-06-01T00:00:00Z\n- expect: { stage: new }', /8999/],
  [
    'VALUE',
    'a time without a zone',
    '- { at: ‸2024-01-05T00:00:00, activity: Order, expect: { stage: new } }',
    /without a zone/,
  ],
  ['VALUE', 'a time in words', '- { at: ‸tomorrow, activity: Order, expect: { stage: new } }', /expected a time/],
  ['DURATION', 'a month', '- { after: ‸P1M, activity: Order, expect: { stage: new } }', /calendar/],
  ['DURATION', 'days in words', '- { at: ‸60 days, activity: Order, expect: { stage: new } }', /Did you mean "P60D"/],
  [
    'CONFLICTING_KEYS',
    'two times',
    '- { at: P1D, after: ‸P1D, activity: Order, expect: { stage: new } }',
    /Leave one out/,
  ],
  // form
  ['UNKNOWN_KEY', 'a key', '- activity: Order\n  expect: { ‸stag: new }', /Did you mean "stage"/],
  ['UNKNOWN_KEY', 'a key of a step', '- activity: Order\n  ‸expects: { stage: new }', /Did you mean "expect"/],
  [
    'MISSING_KEY',
    'a step that does nothing',
    '- activity: Order\n  expect: { stage: active }\n- ‸customer: anna',
    /does nothing/,
  ],
  ['MISSING_KEY', 'an outcome of nothing', '- activity: Order\n- expect: { ‸outcome: taken }', /of an activity/],
  [
    'MISSING_KEY',
    'an activity of nothing',
    '- activity: ‸{ properties: {} }\n  expect: { stage: new }',
    /needs "event"/,
  ],
  [
    'MISSING_KEY',
    'a repeat of nothing',
    '- activity: Order\n- repeat: ‸{ times: 2, every: P1D }\n  expect: { stage: new }',
    /Only an activity is repeated/,
  ],
  [
    'MISSING_KEY',
    'a tolerance alone',
    '- activity: Order\n  expect: { profile: { energy: ‸{ within: 1 } } }',
    /go together/,
  ],
  [
    'MISSING_KEY',
    'a number that is any',
    '- activity: Order\n  expect: { profile: { energy: ‸{} } }',
    /says too little/,
  ],
  ['MISSING_KEY', 'facts that are any', '- activity: Order\n  expect: { facts: ‸{} }', /include, exclude/],
  [
    'CONFLICTING_KEYS',
    'a page with a name',
    '- activity: ‸{ type: page, event: Order }\n  expect: { stage: new }',
    /no event name/,
  ],
  [
    'CONFLICTING_KEYS',
    'one id for several',
    '- activity: { event: Order, id: ‸o1 }\n  repeat: { times: 2, every: P1D }\n  expect: { stage: new }',
    /its own id/,
  ],
  [
    'CONFLICTING_KEYS',
    'two kinds of range',
    '- activity: Order\n  expect: { profile: { orders: ‸{ about: 1, within: 1, atMost: 2 } } }',
    /not both/,
  ],
  ['TYPE', 'a signal as truth', '- activity: Order\n  expect: { signals: { bought: ‸true } }', /on, off/],
  ['TYPE', 'a rhythm as a number', '- activity: Order\n  expect: { profile: { pace: ‸1 } }', /has parts/],
  [
    'TYPE',
    'a number as a rhythm',
    '- activity: Order\n  expect: { profile: { orders: ‸{ count: 1 } } }',
    /is a number/,
  ],
  ['VALUE', 'another currency', '- activity: Order\n  expect: { profile: { spend: ‸12.50 USD } }', /12|25\.00 EUR/],
  ['VALUE', 'an amount of a count', '- activity: Order\n  expect: { profile: { orders: ‸1.00 EUR } }', /is a number/],
  ['VALUE', 'money of a sum of seats', '- activity: Order\n  expect: { profile: { seats: ‸1.00 EUR } }', /is a number/],
  ['VALUE', 'an outcome', '- activity: Order\n  expect: { outcome: ‸duplicated }', /Did you mean "duplicate"/],
];

function unmarked(source: string): { readonly source: string; readonly line: number; readonly column: number } {
  const before = source.slice(0, source.indexOf('‸')).split('\n');
  return { source: source.replace('‸', ''), line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

describe('the problems of a test file', () => {
  it.each(PROBLEMS)('%s: %s', (code, _what, steps, says) => {
    const { source, line, column } = unmarked(fileOf(steps));
    const message: unknown = expect.stringMatching(says);
    expect(problemsOf(source)).toContainEqual({ severity: 'error', code: `${FAMILY}.${code}`, line, column, message });
  });

  it('are each covered by a case', () => {
    const covered = new Set([...PROBLEMS.map(([code]) => `${FAMILY}.${code}`), 'TESTS.DUPLICATE_NAME']);
    expect(TEST_PROBLEM_CODES.filter((code) => !covered.has(code))).toEqual([]);
  });

  it('name a test without expectations', () => {
    const source = 'kind: LifecycleTests\ndefinition: shop\ntests: [{ name: idle, steps: [{ activity: Order }] }]\n';
    expect(problemsOf(source)).toMatchObject([{ code: 'TESTS.NO_EXPECTATION', line: 3, column: 17 }]);
  });

  it('name two tests of one name', () => {
    const test = '{ name: t, steps: [{ activity: Order, expect: { stage: active } }] }';
    const source = `kind: LifecycleTests\ndefinition: shop\ntests:\n  - ${test}\n  - ${test}\n`;
    expect(problemsOf(source)).toMatchObject([{ code: 'TESTS.DUPLICATE_NAME', line: 5, column: 13 }]);
  });

  it.each([
    ['another kind of file', 'kind: Lifecycle\nname: shop\n', 'TESTS.VALUE', 1, 7],
    ['no YAML', 'kind: LifecycleTests\ntests: [', 'TESTS.YAML', 2, 9],
    ['nothing', '', 'TESTS.TYPE', 1, 1],
    ['no tests', 'kind: LifecycleTests\ndefinition: shop\ntests: []\n', 'TESTS.VALUE', 3, 8],
    ['an alias', 'kind: LifecycleTests\ndefinition: &d shop\ntests: *d\n', 'TESTS.ALIAS', 3, 8],
  ])('are of the form: %s', (_what, source, code, line, column) => {
    expect(problemsOf(source)).toContainEqual(expect.objectContaining({ code, line, column }));
  });

  it('are reported all at once, each once', () => {
    const rows = '    each: [{ n: 1 }, { n: 2 }]\n';
    const source = `kind: LifecycleTests\ndefinition: shop\ntests:\n  - name: t\n${rows}    steps:\n      - { activity: Oder, repeat: { times: <n>, every: P1D } }\n      - { expect: { stage: nwe, signals: { habt: on } } }\n`;
    expect(problemsOf(source).map(({ line, column }) => `${line}:${column}`)).toEqual(['7:21', '8:28', '8:44']);
  });

  it('are told of bytes that are no text', () => {
    expect(readTestFile(Uint8Array.of(0xff, 0xfe, 0x41))).toMatchObject({
      ok: false,
      problems: [{ code: 'TESTS.ENCODING' }],
    });
  });
});
