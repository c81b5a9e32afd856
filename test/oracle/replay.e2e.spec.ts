import { createHash } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stageChangedSchema, TOPIC } from '@perennial/contracts';
import { waitFor } from '../e2e/wait-for';
import { lifecyclesByHand, summaryByHand } from './retail-by-hand';
import { sameFacts } from './same-facts';

const root = join(__dirname, '../..');
const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
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
    const { facts: expected, standings } = lifecyclesByHand();
    const { stages, moves } = summaryByHand(expected);
    expect(status).toBe(0);
    expect(sameFacts(facts, expected)).toEqual({ same: true });
    expect(JSON.parse(stdout)).toMatchObject({
      activities: 22_094,
      customers: 4_372,
      stages,
      moves,
      deadLetters: 0,
      facts: { [TOPIC.stageChanged]: expected.length, [TOPIC.state]: standings.length },
    });
  });

  it('says the same and writes the same files, byte for byte, with one, two and three workers', () => {
    const results = ['1', '2', '3'].map((workers) => {
      const files = ['--facts', `facts${workers}`, '--states', `states${workers}`];
      const asked = ['replay', '--definition', 'retail', '--input', orders, '--json', '--workers', workers];
      const [written, counted] = [perennial(...asked, ...files), perennial(...asked)].map(({ status, stdout }) => {
        const { activitiesPerSecond, ...summary } = JSON.parse(stdout) as Record<string, unknown>;
        return { status, rated: typeof activitiesPerSecond, summary };
      });
      expect(counted).toEqual(written);
      return { written, files: [`facts${workers}`, `states${workers}`].map((file) => digestOf(join(folder, file))) };
    });
    for (const result of results.slice(1)) expect(result).toEqual(results[0]);
    expect(results[0]).toMatchObject({ written: { status: 0, rated: 'number' } });
  }, 120_000);

  it.each([
    ['c1,yesterday,Order Completed,', 'line 4, column timestamp: "yesterday" is no time in RFC 3339'],
    [
      'c1,2024-01-02T00:00:00Z,Order Completed,"{""total"":NaN}"',
      'line 4, column properties: "{"total":NaN}" is no JSON',
    ],
  ])(
    'refuses the row %s with the same words whatever the number of workers',
    (row, says) => {
      const good = ['c0,2024-01-01T00:00:00Z,Order Completed,', 'c1,2024-01-01T00:00:00Z,Order Completed,'];
      writeFileSync(join(folder, 'bad.csv'), ['customerId,timestamp,event,properties', ...good, row, ''].join('\n'));
      for (const workers of ['1', '2', '3']) {
        const refused = perennial('replay', '--definition', 'retail', '--input', 'bad.csv', '--workers', workers);
        expect(refused).toMatchObject({ status: 2, stdout: '' });
        expect(refused.stderr).toContain(`bad.csv, ${says}`);
      }
    },
    60_000,
  );

  it('tells of every outcome whatever the number of workers', () => {
    const rows = ['12,50', 'x', '7'].map(
      (total, n) => `c${n},2024-01-01T00:00:00Z,Order Completed,"{""total"":""${total}""}"`,
    );
    const other = 'c7,2024-01-01T00:00:00Z,Newsletter Opened,';
    writeFileSync(
      join(folder, 'outcomes.csv'),
      ['customerId,timestamp,event,properties', ...rows, other, ''].join('\n'),
    );
    for (const workers of ['1', '3']) {
      const asked = ['--definition', 'retail', '--input', 'outcomes.csv', '--workers', workers];
      const { stdout } = perennial('replay', ...asked, '--json');
      expect(JSON.parse(stdout)).toMatchObject({
        outcomes: { uncatalogued: 1, 'amount-left-out': 2 },
        amountsLeftOut: { 'amount-unreadable': 2 },
      });
      expect(perennial('replay', ...asked).stdout).toMatch(/^amount-left-out +2$/m);
    }
  }, 60_000);

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ended by %s leaves nothing behind',
    async (signal) => {
      const temporary = mkdtempSync(join(folder, 'tmp-'));
      const query = `SELECT 'c' || (i * i % 7) AS "customerId", i::TIMESTAMP AS timestamp, 'e' AS event FROM range(4000000000) t(i)`;
      const args = [join(root, 'apps/cli/bin/perennial.js'), 'replay', '--definition', 'retail', '--input', query];
      const running = spawn(process.execPath, args, { env: { ...process.env, TMPDIR: temporary }, stdio: 'ignore' });
      const ended = once(running, 'exit');
      await waitFor('its folder', () => Promise.resolve(readdirSync(temporary)[0] ?? null));
      running.kill(signal);
      await ended;
      expect(running.exitCode).toBe(130);
      expect(readdirSync(temporary)).toEqual([]);
    },
    60_000,
  );

  it('exits with 2 for a number of workers that is none', () => {
    const { status, stderr } = perennial('replay', '--definition', 'retail', '--input', orders, '--workers', '0');
    expect(status).toBe(2);
    expect(stderr).toContain('A number from 1 to 256, or "all", is needed.');
  });

  it('exits with 2 and says why when the input is bad', () => {
    const csv = join(root, 'deploy/sample/online-retail/orders.csv');
    const { status, stdout, stderr } = perennial('replay', '--definition', 'retail', '--input', csv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('orders.csv: no column customerId, timestamp, event; found customer_id, ordered_at');
  });
});
