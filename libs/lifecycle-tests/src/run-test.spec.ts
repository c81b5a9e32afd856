import { fileOf, mismatches, run, SHOP, shop } from '../fixtures/shop';
import { Coverage } from './coverage';

const ORDER = '- activity: { event: Order, properties: { total: 12.50, currency: EUR } }';

/** Steps that come as they are expected, and the same with one expectation changed. */
const EXPECTATIONS: readonly (readonly [what: string, holds: string, fails: string, difference: RegExp])[] = [
  ['a stage', 'stage: active', 'stage: gone', /^7:26 stage -gone \+active\.plain$/],
  ['a state inside it', 'stage: active.plain', 'stage: active.loyal', /-active\.loyal \+active\.plain/],
  ['since when', 'since: start', 'since: P1D', /since -P1D \+start/],
  ['entered', 'entered: true', 'entered: false', /entered -not entered \+entered/],
  ['another region', 'regions: { mood: fresh }', 'regions: { mood: slack }', /region mood -slack \+fresh/],
  [
    'a signal',
    'signals: { bought: on, habit: off }',
    'signals: { bought: off, habit: off }',
    /signal bought -off \+on/,
  ],
  [
    'a deadline',
    'deadlines: { quiet: P10D }',
    'deadlines: { quiet: P11D }',
    /deadline quiet -P11D \+P10D  armed: \{ tired: P1D.*, quiet: P10D \}/,
  ],
  [
    'no such deadline',
    'deadlines: { settle: none, after P5D: none }',
    'deadlines: { quiet: none }',
    /deadline quiet -none \+P10D/,
  ],
  ['a number', 'profile: { orders: 1 }', 'profile: { orders: 2 }', /profile\.orders -2 \+1/],
  [
    'an amount',
    'profile: { spend: 12.50 EUR }',
    'profile: { spend: 1250.00 EUR }',
    /spend -1250\.00 EUR \(125000 in minor units\) \+12\.50 EUR \(1250 in minor units\)/,
  ],
  [
    'minor units',
    'profile: { spend: 1250 }',
    'profile: { spend: 12 }',
    /-0\.12 EUR \(12 in minor units\) \+12\.50 EUR/,
  ],
  [
    'a tolerance',
    'profile: { energy: { about: 0.9, within: 0.1 } }',
    'profile: { energy: { about: 0.9, within: 0.09 } }',
    /-0\.9 within 0\.09 \+1/,
  ],
  [
    'bounds',
    'profile: { orders: { atLeast: 1, atMost: 1 } }',
    'profile: { orders: { atLeast: 2 } }',
    /-at least 2 \+1/,
  ],
  ['a rhythm', 'profile: { pace: { count: 0 } }', 'profile: { pace: { count: 1 } }', /profile\.pace\.count -1 \+0/],
  ['an outcome', 'outcome: taken', 'outcome: late', /outcome -late \+taken/],
  [
    'that no amount was left out',
    'amountLeftOut: none',
    'amountLeftOut: currency-mismatch',
    /amount left out -currency-mismatch \+none/,
  ],
  [
    'moves',
    'moves: [{ from: null }, { to: active }, { region: mood }]',
    'moves: [{ from: null }, { to: gone }, { region: mood }]',
    /moves .*-\{ to: gone \}/,
  ],
];

describe('an expectation', () => {
  it.each(EXPECTATIONS.filter(([what]) => what !== 'moves'))(
    'of %s is met or not',
    (_what, holds, fails, difference) => {
      expect(mismatches(fileOf(`${ORDER}\n  expect: { ${holds} }`))).toEqual([]);
      const [mismatch, second] = mismatches(fileOf(`${ORDER}\n  expect: { ${fails} }`));
      expect(mismatch).toMatch(difference);
      expect(second).toBeUndefined();
    },
  );

  it('of a sum of things is a plain number, also where the definition has a currency', () => {
    const seats =
      '- activity: { event: Seats, properties: { seats: 5 } }\n- activity: { event: Seats, properties: { seats: -2 } }';
    expect(mismatches(fileOf(`${seats}\n  expect: { profile: { seats: 3 } }`))).toEqual([]);
    expect(mismatches(fileOf(`${seats}\n  expect: { profile: { seats: 4 } }`))).toEqual(['8:37 profile.seats -4 +3']);
  });

  it('of a customer that has not entered says so', () => {
    const steps =
      '- activity: { event: Mail }\n  expect: { outcome: uncatalogued, stage: new, profile: { orders: 0 }, deadlines: none, signals: { habit: off }, since: start }';
    const said = mismatches(fileOf(steps));
    expect(said).toHaveLength(5);
    for (const text of said) expect(text).toContain('+not entered');
  });

  it('is checked at every step, also after one that failed', () => {
    const steps = `${ORDER}\n  expect: { stage: gone }\n- at: P10D\n  expect: { stage: active }\n- at: P40D\n  expect: { stage: closed }`;
    expect(mismatches(fileOf(steps))).toEqual(['7:26 stage -gone +active.plain', '9:26 stage -active +gone']);
  });
});

describe('facts', () => {
  const until = (expectation: string): string =>
    fileOf(`${ORDER}\n  expect: { stage: active }\n- at: P10D\n  expect: { ${expectation} }`);
  const moved =
    '{ from: active, to: gone, path: active.plain → gone, at: P10D, cause: { kind: deadline, signal: quiet } }';
  const tired = '{ signal: tired, change: on, at: P1DT0.001S }';
  const slack = '{ region: mood, from: fresh, to: slack, at: P1DT0.001S, cause: { kind: deadline, signal: tired } }';
  const quiet = '{ signal: quiet, change: on, at: P10D }';

  it('are exactly these, in order, since the customer was last looked at', () => {
    expect(mismatches(until(`facts: [${tired}, ${slack}, ${quiet}, ${moved}]`))).toEqual([]);
    expect(mismatches(until(`moves: [${slack}, ${moved}]`))).toEqual([]);
    expect(mismatches(until('moves: none'))).toEqual([`9:26 moves -none +${slack} +${moved}`]);
    expect(mismatches(until('moves: []'))).toHaveLength(1);
  });

  it('differ where one is missing, is more, or is another; lines of what was can be copied', () => {
    expect(mismatches(until(`facts: [${tired}, ${slack}, ${moved}]`))).toEqual([
      `9:26 facts  ${tired}  ${slack} +${quiet}  ${moved}`,
    ]);
    expect(mismatches(until(`moves: [${slack}, { to: closed }, ${moved}]`))).toEqual([
      `9:26 moves  ${slack} -{ to: closed }  ${moved}`,
    ]);
    expect(mismatches(until(`moves: [{ to: slack }, { to: gone, at: P9D, cause: after }]`))).toEqual([
      `9:26 moves  ${slack} -{ to: gone, at: P9D, cause: { kind: after } } +${moved}`,
    ]);
  });

  it('are among others, in order, or not there', () => {
    expect(
      mismatches(until('facts: { include: [{ signal: tired }, { to: gone }], exclude: [{ to: closed }] }')),
    ).toEqual([]);
    expect(mismatches(until('facts: { include: [{ to: gone }, { signal: tired }] }'))).toEqual([
      `9:26 facts -{ signal: tired }  ${tired}  ${slack}  ${quiet}  ${moved}`,
    ]);
    expect(mismatches(until('facts: { exclude: [{ signal: quiet }] }'))).toEqual([
      `9:26 facts  ${tired}  ${slack} +${quiet}  ${moved}`,
    ]);
  });

  it.each(['quiet', '{ kind: deadline }', 'deadline', '{ kind: deadline, signal: quiet }'])(
    'have the cause %s',
    (cause) => {
      expect(mismatches(until(`facts: { include: [{ to: gone, cause: ${cause} }] }`))).toEqual([]);
      expect(mismatches(until(`facts: { include: [{ to: slack, at: P10D, cause: ${cause} }] }`))).toHaveLength(1);
    },
  );

  it('name the activity that they are caused by', () => {
    const steps =
      '- activity: { event: Order, id: o1 }\n- activity: { event: Order, id: o2 }\n- expect: { moves: { include: [{ to: active, cause: { activity: ID } }] } }';
    expect(mismatches(fileOf(steps.replace('ID', 'o1')))).toEqual([]);
    expect(mismatches(fileOf(steps.replace('ID', 'o2')))).toHaveLength(1);
  });

  it('hold a pulse where it is published, and nowhere else', () => {
    const steps = (pulse: string): string =>
      fileOf(`- activity: { type: page }\n- activity: Order\n  expect: { facts: { include: [${pulse}] } }`);
    expect(mismatches(steps('{ signal: seen, change: pulse }'))).toEqual([]);
    expect(
      mismatches(
        fileOf(
          '- activity: Order\n  expect: { facts: [{ from: null }, { region: mood }, { signal: bought }, { to: active }] }',
        ),
      ),
    ).toEqual([]);
  });
});

describe('time', () => {
  it('is the one of the calendar where the file states a start, else counted from the start', () => {
    const steps = `${ORDER}\n- at: P10D\n  expect: { since: start }`;
    expect(mismatches(fileOf(steps))).toEqual(['8:26 since -start +P10D']);
    expect(mismatches(fileOf(steps, 'start: 2024-02-20T00:00:00Z'))).toEqual([
      '9:26 since -2024-02-20T00:00:00Z +2024-03-01T00:00:00Z',
    ]);
  });

  it('goes on from the step before, to a time, or not at all', () => {
    const steps = `${ORDER}\n- after: P4D\n- after: P6D\n- expect: { since: P10D }\n- at: 2024-01-12T09:00:00+01:00\n  activity: Order\n  expect: { since: 2024-01-12T08:00:00Z }`;
    expect(mismatches(fileOf(steps))).toEqual([]);
  });

  it('fires what is due before an activity of the same instant, and of all customers', () => {
    const steps = `${ORDER}\n- at: P10D\n  customer: other\n  activity: Order\n- expect: { stage: gone }\n- activity: Order\n  expect: { stage: active, since: P10D }`;
    expect(mismatches(fileOf(steps))).toEqual([]);
  });

  it('repeats an activity, and stands at the last of them', () => {
    const steps =
      '- activity: Order\n  repeat: { times: 3, every: P2D }\n  expect: { stage: active.loyal, profile: { orders: 3, pace: { typicalDays: 2 } }, deadlines: { quiet: P14D } }\n- after: P1D\n  expect: { profile: { orders: 3 }, moves: none }';
    expect(mismatches(fileOf(steps))).toEqual([]);
  });

  it('stops where deadlines come again and again', () => {
    const restless = shop(SHOP.replace('after: { P20D: slack }', 'after: { PT1S: slack }'));
    const [result] = run(fileOf(`${ORDER}\n- at: P4D\n  expect: { entered: true }`), new Coverage(restless));
    expect(result?.mismatches).toMatchObject([{ line: 4, column: 5, subject: 'clock' }]);
    expect(result?.mismatches[0]?.diff[0]?.text).toContain('More than 100000 deadlines');
  });
});

describe('what happened', () => {
  it('is told of a test that failed, in order, with the customer where there are several', () => {
    const steps = `${ORDER}\n- at: P3D\n  activity: { event: Order, id: o2, timestamp: P1D, properties: { total: 1, currency: USD } }\n  expect: { stage: gone }`;
    const [result] = run(fileOf(steps));
    expect(result?.story).toEqual([
      'start  Order: taken',
      '  { from: null, to: new, at: start, cause: { kind: entry } }',
      '  { region: mood, from: null, to: fresh, at: start, cause: { kind: entry } }',
      '  { signal: bought, change: on, at: start }',
      '  { signal: back, change: pulse, at: start } (not published)',
      '  { from: new, to: active, path: new → active.plain, at: start, cause: { kind: activity, signal: bought } }',
      '  { signal: tired, change: on, at: P1DT0.001S }',
      '  { region: mood, from: fresh, to: slack, at: P1DT0.001S, cause: { kind: deadline, signal: tired } }',
      'P3D  Order (o2) of P1D: late, currency-mismatch',
      expect.stringContaining('signal: tired, change: off'),
      expect.stringContaining('back, change: pulse, at: P1DT0.001S, activity: o2 } (not published)'),
      '  { signal: tired, change: on, at: P2DT14H2M20.761S }',
    ]);
    const [several] = run(
      fileOf('- { customer: anna, activity: Order }\n- { customer: ben, activity: Order, expect: { stage: gone } }'),
    );
    expect(several?.story.filter((line) => line.includes('Order'))).toEqual([
      'anna  start  Order: taken, amount-missing',
      'ben  start  Order: taken, amount-missing',
    ]);
  });

  it('is not kept of a test that passed', () => {
    expect(run(fileOf(`${ORDER}\n  expect: { stage: active }`))).toEqual([
      { name: 't', line: 4, column: 5, passed: true, mismatches: [], story: [] },
    ]);
  });
});
