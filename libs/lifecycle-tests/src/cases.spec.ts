import { problemsOf, run } from '../fixtures/shop';

const table = (name: string, rows: string, steps: string): string =>
  `kind: LifecycleTests\ndefinition: shop\ntests:\n  - name: ${name}\n    each:\n${rows
    .split('\n')
    .map((row) => `      - ${row}`)
    .join('\n')}\n    steps:\n${steps
    .split('\n')
    .map((step) => `      ${step}`)
    .join('\n')}\n`;
const STEPS = '- activity: Order\n  repeat: { times: <orders>, every: P1D }\n  expect: { stage: <stage> }';

describe('a table', () => {
  it('is one test for each of its rows, which stands where its row does', () => {
    const results = run(
      table('<orders> orders', '{ orders: 1, stage: active.plain }\n{ orders: 3, stage: gone }', STEPS),
    );
    expect(results).toMatchObject([
      { name: '1 orders', line: 6, passed: true },
      { name: '3 orders', line: 7, passed: false, mismatches: [{ line: 11, subject: 'stage' }] },
    ]);
  });

  it('names the rows where the name of the test does not', () => {
    const results = run(table('orders', '{ orders: 1, stage: active }\n{ orders: 2, stage: active }', STEPS));
    expect(results.map(({ name }) => name)).toEqual([
      'orders (orders: 1, stage: active)',
      'orders (orders: 2, stage: active)',
    ]);
  });

  it('gives values of any kind: maps, lists, numbers, and texts within others', () => {
    const steps =
      '- activity: { event: <event>, properties: <with> }\n  expect: { profile: { spend: <spend> EUR }, moves: <moves> }';
    const rows =
      '{ event: Order, with: { total: 2.50 }, spend: "2.50", moves: [{ from: null }, { region: mood }, { to: active }] }';
    expect(run(table('t', rows, steps))).toMatchObject([{ passed: true }]);
  });

  it('leaves texts in angle brackets alone where there is none', () => {
    const source =
      'kind: LifecycleTests\ndefinition: shop\ntests: [{ name: <a>, steps: [{ activity: Order, expect: { stage: active } }] }]\n';
    expect(run(source)).toMatchObject([{ name: '<a>', passed: true }]);
  });

  it.each([
    [
      'a value that no row has',
      '{ orders: 1, stage: active }',
      STEPS.replace('<stage>', '<stag>'),
      '10:26',
      /no value "stag".*Did you mean "stage"/,
    ],
    [
      'a value that nothing uses',
      '{ orders: 1, stage: active, old: 1 }',
      STEPS,
      '6:37',
      /Nothing in the test says <old>/,
    ],
    ['a row that is no map', '1', STEPS, '6:9', /expected a case/],
    [
      'a map within a text',
      '{ orders: 1, stage: {} }',
      STEPS.replace('<stage>', 'x<stage>'),
      '10:26',
      /cannot stand within a text/,
    ],
    ['a value that does not fit', '{ orders: many, stage: active }', STEPS, '9:26', /at most 1000/],
  ])('tells of %s', (_what, rows, steps, place, says) => {
    const problems = problemsOf(table('t', rows, steps)).map(({ line, column, message }) => ({
      place: `${line}:${column}`,
      message,
    }));
    expect(problems).toContainEqual({
      place: expect.any(String) as string,
      message: expect.stringMatching(says) as string,
    });
    expect(problems.map((problem) => problem.place)).toContain(place);
  });
});
