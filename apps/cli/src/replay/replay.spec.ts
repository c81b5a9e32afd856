import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidInput } from '@perennial/values';
import { createTerminal } from '@perennial/command-line';
import { type ReplayArguments, replay } from './replay';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, ...lines: readonly string[]): string {
  writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''));
  return join(folder, name);
}

/** What goes to stdout. */
async function run(options: Partial<ReplayArguments>): Promise<string> {
  const lines: string[] = [];
  const terminal = createTerminal(
    (text) => lines.push(text),
    () => undefined,
  );
  await replay({ definition: 'retail', input: orders, workers: 1, ...options }, terminal);
  return lines.join('');
}

const amount = (total: number | string): string => `"{""total"":${total},""currency"":""GBP""}"`;
const orders = file(
  'orders.csv',
  'customerId,timestamp,event,id,properties',
  `c1,2024-01-01T10:00:00Z,Order Completed,o1,${amount(10)}`,
  `c2,2024-01-02T10:00:00Z,Order Completed,o2,${amount(20.5)}`,
  'c2,2024-01-03T10:00:00Z,Newsletter Opened,,',
  `c2,2024-03-01T10:00:00Z,Order Refunded,r2,${amount(0.5)}`,
);
const linesOf = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

describe('perennial replay', () => {
  it('prints the summary of the main job as one line of JSON', async () => {
    const { activitiesPerSecond, ...summary } = JSON.parse(await run({ json: true })) as Record<string, unknown>;
    expect(activitiesPerSecond).toEqual(expect.any(Number));
    expect(summary).toEqual({
      activities: 3,
      customers: 2,
      stages: { activation: 1, dormancy: 1 },
      views: {
        'e-metrics': {
          reach: null,
          acquisition: 0,
          conversion: 1,
          retention: 0,
          loyalty: null,
          abandonment: null,
          attrition: 1,
          churn: 0,
        },
      },
      moves: { 'onboarding>activation': 2, 'activation>dormancy': 1 },
      deadLetters: 0,
      outcomes: { uncatalogued: 1 },
      deadLetterCauses: {},
      amountsLeftOut: {},
      parkedCustomers: 0,
      facts: {
        'lifecycle.customer.stage-changed.v1': 5,
        'lifecycle.customer.signal.v1': 3,
        'lifecycle.customer.state.v1': 3,
      },
    });
  });

  it('tells people the same, what was ignored, and what came after the clock', async () => {
    const text = await run({ until: '2024-01-31T00:00:00Z' });
    expect(text).toContain('2 activities of 2 customers, clock at 2024-01-31T00:00:00.000Z');
    expect(text).toMatch(/^uncatalogued +1$/m);
    expect(text).toMatch(/^after-clock +1$/m);
    expect(text).toMatch(/^activation +2$/m);
    expect(text).toMatch(/^onboarding → activation +2$/m);
    expect(text).toMatch(/^e-metrics +customers\nreach +not observed\n(.*\n)+conversion +2\n(.*\n)*churn +0$/m);
  });

  it('tells of every outcome', async () => {
    const row = (customer: string, properties: string): string =>
      `${customer},2024-01-01T10:00:00Z,Order Completed,${properties}`;
    const input = file(
      'amounts.csv',
      'customerId,timestamp,event,properties',
      row('c1', amount(10)),
      ...['"12,50"', '"x"', '""', 'true', '[]'].map((total, n) => row(`c${n}`, amount(total.replaceAll('"', '""')))),
      row('c2', amount(1e14)),
      row('c3', amount(1).replace('GBP', 'EUR')),
      row('c4', '{}'),
      'c1,2024-01-01T10:00:00Z,Newsletter Opened,',
      'c1,2024-03-01T10:00:00Z,Order Completed,',
    );
    const until = '2024-02-01T00:00:00Z';
    const report = JSON.parse(await run({ input, until, json: true })) as Record<string, unknown>;
    expect(report).toMatchObject({
      activities: 8,
      deadLetters: 1,
      outcomes: { 'after-clock': 1, 'amount-left-out': 7, uncatalogued: 1 },
      deadLetterCauses: { 'amount-out-of-range': 1 },
      amountsLeftOut: { 'amount-missing': 1, 'amount-unreadable': 5, 'currency-mismatch': 1 },
    });
    const text = await run({ input, until });
    for (const line of ['amount-left-out +7', 'amount-unreadable +5', 'amount-out-of-range +1', 'after-clock +1'])
      expect(text).toMatch(new RegExp(`^${line}$`, 'm'));
  });

  it('writes facts with topic and key, and the final states', async () => {
    const [facts, states] = [join(folder, 'facts.ndjson'), join(folder, 'states.ndjson')];
    await run({ facts, states });
    expect(linesOf(facts)).toHaveLength(11);
    expect(linesOf(facts)[0]).toMatchObject({
      topic: 'lifecycle.customer.stage-changed.v1',
      key: 'default:c1',
      value: { customer: 'c1', sequence: 1, from: null, to: 'onboarding', mode: 'history' },
    });
    expect(linesOf(states)).toMatchObject([
      { customer: 'c1', stage: 'dormancy', profile: { orders: 1, spend: 1_000 } },
      { customer: 'c2', stage: 'activation', profile: { orders: 1, spend: 2_000 } },
    ]);
  });

  it('says the same when it is run again', async () => {
    const [first, second] = [join(folder, 'first.ndjson'), join(folder, 'second.ndjson')];
    await run({ facts: first });
    await run({ facts: second });
    expect(readFileSync(first, 'utf8')).toBe(readFileSync(second, 'utf8'));
  });

  it('writes states whose next deadline is later than the last time that a history may have', async () => {
    const states = join(folder, 'late-states.ndjson');
    const row = (customer: string, time: string): string => `${customer},${time},Order Completed`;
    const input = file('late.csv', 'customerId,timestamp,event', row('c1', '8999-12-31T23:59:59.999Z'));
    await run({ input, states, until: '8999-12-31T23:59:59.999Z' });
    expect(linesOf(states)).toMatchObject([{ nextDeadline: { due: '9000-03-01T23:59:59.999Z' } }]);
    const never = file(
      'never.csv',
      'customerId,timestamp,event',
      row('c1', '2024-01-01T00:00:00Z'),
      row('c2', '9999-12-31T00:00:00Z'),
    );
    await expect(run({ input: never, states })).rejects.toMatchObject({
      code: 'HISTORY.FLAWED_ROW',
      message: expect.stringContaining(
        'never.csv, line 3, column timestamp: "9999-12-31T00:00:00Z" is later than the year 8999',
      ) as string,
    });
  });

  it.each<[string, Partial<ReplayArguments>, RegExp]>([
    [
      'an --until that deadlines could outlast',
      { until: '9999-12-31T00:00:00Z' },
      /is later than the year 8999: write an earlier/,
    ],
    ['an --until that is no time', { until: 'yesterday' }, /--until yesterday is no time in RFC 3339: write it/],
    [
      'a definition that is not there',
      { definition: 'retial' },
      /cannot be read: there is no such file.*name of a template: .*retail/,
    ],
    ['an input that is not there', { input: 'nowhere.csv' }, /no such file.*nowhere\.csv/],
    ['facts that cannot be written', { facts: folder }, /The output cannot be written: it is a folder/],
  ])('refuses %s', async (_what, options, says) => {
    const error: unknown = await run(options).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InvalidInput);
    expect(error).toHaveProperty('message', expect.stringMatching(says));
  });

  it.each(['facts', 'states'])('says nothing of success when the %s do not fit on the disk', async (what) => {
    const said: string[] = [];
    const terminal = createTerminal(
      (text) => said.push(text),
      () => undefined,
    );
    const full = replay({ definition: 'retail', input: orders, workers: 1, [what]: '/dev/full' }, terminal);
    await expect(full).rejects.toThrow(
      '/dev/full could not be written to its end: ENOSPC: no space left on device, write. It is not complete.',
    );
    await expect(full).rejects.not.toBeInstanceOf(InvalidInput);
    expect(said).toEqual([]);
  });

  it('names every problem of a bad definition with line and column', async () => {
    const definition = file('bad.yaml', 'kind: Lifecycle', 'name: shop', 'version: one', 'stages: 7');
    const error: unknown = await run({ definition }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InvalidInput);
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(/bad\.yaml:3:\d+: error [^]*bad\.yaml:4:\d+: error /),
    );
  });
});
