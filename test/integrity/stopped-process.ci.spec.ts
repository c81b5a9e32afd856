/** A process that stands still (SIGSTOP) for longer than its session, and goes on when another has taken its work over. */
import type { CrashPoint } from '@perennial/processor';
import type { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { endAll, EngineProcess, sharing } from './harness/engine-process';
import { filling } from './harness/filling';
import { append, openGround, settled } from './harness/ground';
import { findings } from './harness/oracle';
import { type Stored, storedIn } from './harness/stored';

jest.setTimeout(180_000);

const POINTS: readonly (readonly [string, CrashPoint])[] = [
  ['before a commit', 'before-commit'],
  ['between commit and publish', 'after-commit'],
  ['in the middle of publishing', 'mid-publish'],
  ['before a clock append', 'before-clock-append'],
];
const REPEATS = [':duplicates', ':repeated-clocks'];
const CLAIMS = 'lifecycle_rebalances_total';
let seed = 0;
let installation: Installation;

beforeAll(async () => {
  installation = await openGround('stopped');
});
afterEach(endAll);
afterAll(() => installation.remove());

it.each(POINTS)('stopped %s: what it does afterwards changes nothing', async (_name, at) => {
  const stopped = new EngineProcess(installation, {
    halt: { at, nth: 2, signal: 'SIGSTOP' },
    limits: { publishRecords: 20 },
  });
  await stopped.ready();
  const claims = await stopped.metric(CLAIMS);
  seed += 1;
  await append(installation, filling({ seed, activities: 400, live: 20 }));
  await stopped.halted;
  const other = new EngineProcess(installation);
  await settled(installation);
  const stored = effectsIn(await storedIn(installation.databases));

  stopped.signal('SIGCONT');
  await toldOf(stopped, claims);
  await sharing(stopped, other);
  await settled(installation);
  expect(effectsIn(await storedIn(installation.databases))).toEqual(stored);
  await Promise.all([stopped.stop(), other.stop()]);
  expect((await findings(installation)).differences).toEqual([]);
});

/**
 * It has noticed that its partitions are not its own any more: it was fenced by the store, or had to claim anew because
 * the group let it go. Which of the two it hears of first is chance.
 */
async function toldOf(engine: EngineProcess, claims: number): Promise<void> {
  await waitFor('the stopped engine to notice that it was replaced', async () => {
    const fenced = await engine.metric('lifecycle_fenced_batches_total');
    return fenced > 0 || (await engine.metric(CLAIMS)) > claims ? true : null;
  });
}

/**
 * Without the counts of repeats: a request that had its lease when the process was stopped is sent when it goes on, and what
 * it forwards then is known for a repeat and dropped; so is a clock record that it appends, since its successor's are newer.
 */
const effectsIn = (stored: Stored): Stored => ({
  ...stored,
  totals: new Map([...stored.totals].filter(([name]) => !REPEATS.some((repeat) => name.endsWith(repeat)))),
});
