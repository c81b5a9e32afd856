import { compiled, fileOf, shop } from '../fixtures/shop';
import { Coverage } from './coverage';
import { runTest } from './run-test';

/** Of processor time: the bound of `perennial test`, start-up included, of which this is most. */
const MOST_SECONDS = 3;
const STEPS = `
- activity: { event: Order, properties: { total: 25.00, currency: EUR } }
  repeat: { times: 3, every: P2D }
  expect: { stage: active.loyal, signals: { habit: on, quiet: off }, profile: { orders: 3, energy: { atLeast: 1 } } }
- after: P9D
  expect: { deadlines: { quiet: P14D } }
- after: P1D
  expect: { stage: gone, moves: { include: [{ to: gone, at: P14D, cause: quiet }] } }
- after: P300D
  expect: { stage: closed }`;

describe('200 tests', () => {
  it('are read, checked and run within 3 s of processor time', () => {
    const [head = '', steps = ''] = fileOf(STEPS).split('  - name: t\n');
    const source = head + Array.from({ length: 200 }, (_, index) => `  - name: t${index}\n${steps}`).join('');
    const before = process.cpuUsage();
    const tests = compiled(source);
    const coverage = new Coverage(shop());
    const results = 'problems' in tests ? [] : tests.map((test) => runTest(test, coverage));
    const { user, system } = process.cpuUsage(before);
    expect(results.filter(({ passed }) => passed)).toHaveLength(200);
    expect((user + system) / 1e6).toBeLessThan(MOST_SECONDS);
  });
});
