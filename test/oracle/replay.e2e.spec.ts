import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stageChangedSchema, TOPIC } from '@perennial/contracts';
import { retailByHand, summaryByHand } from './retail-by-hand';
import { sameFacts } from './same-facts';

const root = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'replay-e2e-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function perennial(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(join(root, 'node_modules/.bin/perennial'), args, { cwd: folder, encoding: 'utf8' });
}
const orders = join(root, 'deploy/sample/online-retail/orders.sql');

describe('perennial replay of the sample, from any folder', () => {
  it('gives the facts and the summary of the retail lifecycle by hand', () => {
    const { status, stdout } = perennial(
      'replay',
      '--definition',
      'retail',
      '--input',
      orders,
      '--json',
      '--facts',
      'facts',
    );
    const facts = readFileSync(join(folder, 'facts'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { topic: string; value: unknown })
      .filter(({ topic }) => topic === TOPIC.stageChanged)
      .map(({ value }) => stageChangedSchema.parse(value));
    const expected = retailByHand();
    const { stages, moves } = summaryByHand(expected);
    expect(status).toBe(0);
    expect(sameFacts(facts, expected)).toEqual({ same: true });
    expect(JSON.parse(stdout)).toMatchObject({
      activities: 22_094,
      customers: 4_372,
      stages,
      moves,
      deadLetters: 0,
      facts: { [TOPIC.stageChanged]: expected.length },
    });
  });

  it('exits with 2 and says why when the input is bad', () => {
    const csv = join(root, 'deploy/sample/online-retail/orders.csv');
    const { status, stdout, stderr } = perennial('replay', '--definition', 'retail', '--input', csv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('orders.csv: no column customerId, timestamp, event; found customer_id, ordered_at');
  });
});
