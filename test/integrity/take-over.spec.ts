/** Two engines share the partitions; when one goes, the other has its work soon. */
import type { Installation } from '../e2e/installation';
import { endAll, EngineProcess, sharing } from './harness/engine-process';
import { filling } from './harness/filling';
import { append, openGround, settled } from './harness/ground';
import { findings } from './harness/oracle';

jest.setTimeout(180_000);

const SOON_MS = 15_000;
let installation: Installation;
let stays: EngineProcess;

beforeAll(async () => {
  installation = await openGround('take-over');
  stays = new EngineProcess(installation);
});
afterAll(async () => {
  await endAll();
  await installation.remove();
});

it.each(['SIGTERM', 'SIGKILL'] as const)('%s to one of two moves its work within 15 s', async (signal) => {
  const goes = new EngineProcess(installation);
  await sharing(stays, goes);
  const seed = signal === 'SIGTERM' ? 1 : 2;
  await append(installation, filling({ seed, activities: 600, live: 20 }));
  goes.signal(signal);
  expect(await goes.ended).toBe(signal === 'SIGTERM' ? 'exit 0' : 'SIGKILL');
  await append(installation, filling({ seed: seed + 10, activities: 100, live: 20 }));
  await settled(installation, SOON_MS);
});

it('and the facts of both are those of a sequential re-computation', async () => {
  await stays.stop();
  expect((await findings(installation)).differences).toEqual([]);
});
