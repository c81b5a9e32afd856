import { type StageChanged, TOPIC } from '@perennial/contracts';
import { retailByHand, summaryByHand } from '../oracle/retail-by-hand';
import { sameFacts } from '../oracle/same-facts';
import { Installation, withoutRepeats } from './installation';
import { waitFor } from './wait-for';

const expected = retailByHand();
const { stages, moves } = summaryByHand(expected);
const summary = (out: string): Record<string, unknown> =>
  JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;

async function stageChanges(installation: Installation): Promise<StageChanged[]> {
  const records = withoutRepeats(await installation.records(TOPIC.stageChanged));
  return records.map(({ value }) => JSON.parse(Buffer.from(value ?? []).toString()) as StageChanged);
}

describe('the main job', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.create('main-job');
  });
  afterAll(() => installation.remove());

  it('prints one line of JSON: totals that agree with the retail rules by hand', async () => {
    const { code, out, err } = await installation.run(['start', '--once', '--json']);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    expect(out.trim().split('\n')).toHaveLength(1);
    const result = summary(out);
    expect(result).toMatchObject({ activities: 22_094, customers: 4_372, stages, moves, deadLetters: 0 });
    expect(result['facts']).toMatchObject({ [TOPIC.stageChanged]: expected.length });
    expect(result['activitiesPerSecond']).toBeGreaterThan(0);
  }, 120_000);

  it('states every move of the rules by hand, and no other', async () => {
    expect(sameFacts(await stageChanges(installation), expected)).toEqual({ same: true });
  });

  it('run again changes nothing', async () => {
    const log = installation.log();
    const before = await Promise.all(Object.values(TOPIC).map((topic) => installation.ends(topic, log)));
    const { code, out } = await installation.run(['start', '--once', '--json']);
    const after = await Promise.all(Object.values(TOPIC).map((topic) => installation.ends(topic, log)));
    await log.close();
    expect(code).toBe(0);
    expect(summary(out)).toMatchObject({
      activities: 22_094,
      customers: 4_372,
      stages,
      moves,
      activitiesPerSecond: null,
    });
    expect(after).toEqual(before);
  }, 60_000);
});

describe('the main job, killed half way', () => {
  it('goes on at the next start, with the facts of the undisturbed run', async () => {
    const installation = await Installation.create('killed');
    for (const enough of [2_000, 6_000]) await killAfter(installation, enough);
    const { code, out } = await installation.run(['start', '--once', '--json']);
    expect(code).toBe(0);
    expect(summary(out)).toMatchObject({ activities: 22_094, customers: 4_372, stages, moves });
    expect(sameFacts(await stageChanges(installation), expected)).toEqual({ same: true });
    await installation.remove();
  }, 180_000);
});

/** Kills the process as soon as so many facts are in the topic. */
async function killAfter(installation: Installation, facts: number): Promise<void> {
  const child = installation.start(['start', '--once', '--json']);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const log = installation.log();
  const seen = new AbortController();
  let count = 0;
  const stop = (): void => {
    seen.abort();
  };
  child.once('exit', stop);
  await waitFor('the topic', () => installation.ends(TOPIC.stageChanged, log).catch(() => null));
  await log.reader().read({
    topic: TOPIC.stageChanged,
    from: 'beginning',
    signal: seen.signal,
    batch: ({ records }) => {
      count += records.length;
      if (count >= facts) seen.abort();
    },
  });
  child.kill('SIGKILL');
  await ended;
  await log.close();
  expect(count).toBeGreaterThanOrEqual(facts);
}
