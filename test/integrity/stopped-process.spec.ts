/** A process that stands still (SIGSTOP) for longer than its session, and goes on when another has taken its work over. */
import type { CrashPoint } from '@perennial/engine';
import type { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { endAll, EngineProcess, sharing } from './harness/engine-process';
import { filling } from './harness/filling';
import { append, openGround, settled } from './harness/ground';
import { findings } from './harness/oracle';
import { storedIn } from './harness/stored';

jest.setTimeout(180_000);

const POINTS: readonly (readonly [string, CrashPoint])[] = [
  ['before a commit', 'before-commit'],
  ['between commit and publish', 'after-commit'],
  ['in the middle of publishing', 'mid-publish'],
  ['before a clock append', 'before-clock-append'],
];
let seed = 0;
let installation: Installation;

beforeAll(async () => {
  installation = await openGround('stopped');
});
afterAll(async () => {
  await endAll();
  await installation.remove();
});

it.each(POINTS)('stopped %s: what it does afterwards changes nothing', async (_name, at) => {
  const stopped = new EngineProcess(installation, {
    halt: { at, nth: 2, signal: 'SIGSTOP' },
    limits: { publishRecords: 20 },
  });
  await stopped.ready();
  seed += 1;
  await append(installation, filling({ seed, activities: 400, live: 20 }));
  await stopped.halted;
  const other = new EngineProcess(installation);
  await settled(installation);
  const stored = await storedIn(installation.database.url);

  stopped.signal('SIGCONT');
  if (at === 'before-commit' || at === 'after-commit' || at === 'mid-publish') await fenced(stopped);
  await sharing(stopped, other);
  await settled(installation);
  expect(await storedIn(installation.database.url)).toEqual(stored);
  await Promise.all([stopped.stop(), other.stop()]);
  expect((await findings(installation)).differences).toEqual([]);
});

/** It has noticed that the partition is not its own any more. */
async function fenced(engine: EngineProcess): Promise<void> {
  await waitFor('the stopped engine to be fenced', async () =>
    (await engine.metric('lifecycle_fenced_batches_total')) > 0 ? true : null,
  );
}
