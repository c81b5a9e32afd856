import type { ChildProcess } from 'node:child_process';
import { TOPIC } from '@perennial/contracts';
import { asByHand, stageChangesByHand, standingsByHand, summaryIn, totalsByHand } from './by-hand';
import { Installation } from './installation';
import { waitFor } from './wait-for';

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
    const result = summaryIn(out);
    expect(result).toMatchObject(totalsByHand);
    expect(result['facts']).toMatchObject({
      [TOPIC.stageChanged]: stageChangesByHand,
      [TOPIC.state]: standingsByHand,
    });
    expect(result['activitiesPerSecond']).toBeGreaterThan(0);
  }, 120_000);

  it('states every move of the rules by hand, and no other', async () => {
    expect(await asByHand(installation)).toEqual({ same: true });
  });

  it('run again changes nothing', async () => {
    const log = installation.log();
    const before = await Promise.all(Object.values(TOPIC).map((topic) => installation.ends(topic, log)));
    const { code, out } = await installation.run(['start', '--once', '--json']);
    const after = await Promise.all(Object.values(TOPIC).map((topic) => installation.ends(topic, log)));
    await log.close();
    expect(code).toBe(0);
    expect(summaryIn(out)).toMatchObject({ ...totalsByHand, activitiesPerSecond: null });
    expect(after).toEqual(before);
  }, 60_000);
});

describe('the main job, ended half way,', () => {
  it('goes on at the next start after kills, with the facts of the undisturbed run', async () => {
    const installation = await Installation.create('killed');
    for (const enough of [2_000, 6_000]) expect(await endAfter(installation, enough, 'SIGKILL')).toBe('SIGKILL');
    await completes(installation);
    await installation.remove();
  }, 180_000);

  it('ends with 130 on Ctrl-C, and goes on at the next start, with the facts of the undisturbed run', async () => {
    const installation = await Installation.create('interrupted');
    expect(await endAfter(installation, 2_000, 'SIGINT')).toBe(130);
    await completes(installation);
    await installation.remove();
  }, 60_000);
});

async function completes(installation: Installation): Promise<void> {
  const { code, out, err } = await installation.run(['start', '--once', '--json']);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  expect(summaryIn(out)).toMatchObject(totalsByHand);
  expect(await asByHand(installation)).toEqual({ same: true });
}

/** Signals the process as soon as so many facts are in the topic; how it ended. */
async function endAfter(
  installation: Installation,
  facts: number,
  signal: NodeJS.Signals,
): Promise<number | string | null> {
  const child = installation.start(['start', '--once', '--json']);
  const ended = endOf(child);
  const log = installation.log();
  const seen = new AbortController();
  let count = 0;
  void ended.then(() => {
    seen.abort();
  });
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
  child.kill(signal);
  const how = await ended;
  await log.close();
  expect(count).toBeGreaterThanOrEqual(facts);
  return how;
}

function endOf(child: ChildProcess): Promise<number | string | null> {
  return new Promise((resolve) => {
    child.once('exit', (code, by) => {
      resolve(code ?? by);
    });
  });
}

describe('starts at the same time on one installation', () => {
  it('with one home and with homes of their own all tell the totals by hand, and no activity is sent twice', async () => {
    const installation = await Installation.create('at-once');
    const other = { PERENNIAL_HOME: `${installation.environment['PERENNIAL_HOME'] ?? ''}/other` };
    const all = await Promise.all([{}, {}, other].map((home) => installation.run(['start', '--once', '--json'], home)));
    for (const { code, out, err } of all) {
      expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
      expect(summaryIn(out)).toMatchObject(totalsByHand);
    }
    const activities = (await installation.records(TOPIC.activity)).filter(({ key }) => key !== null);
    expect(activities).toHaveLength(totalsByHand.activities);
    expect(await asByHand(installation)).toEqual({ same: true });
    await installation.remove();
  }, 60_000);
});
