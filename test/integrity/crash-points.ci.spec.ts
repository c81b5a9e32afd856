/** A process that is killed at the worst moments loses nothing and says nothing twice. */
import type { StageChanged } from '@perennial/contracts';
import type { CrashPoint } from '@perennial/processor';
import type { Installation } from '../e2e/installation';
import { sameFacts } from '../oracle/same-facts';
import { endAll } from './harness/engine-process';
import { filling, PAST } from './harness/filling';
import { append, openGround, survive } from './harness/ground';
import { findings, stageChanges } from './harness/oracle';
import { seedOfRun } from './harness/seeded';

jest.setTimeout(180_000);

const SIZE = { seed: seedOfRun(), activities: 1_200, live: 40 };
const POINTS: readonly (readonly [CrashPoint, number])[] = [
  ['before-commit', 5],
  ['after-commit', 5],
  ['mid-publish', 5],
  ['after-publish', 5],
  ['before-clock-append', 2],
  ['after-clock-append', 2],
];

let installation: Installation;
let undisturbed: readonly StageChanged[] = [];

beforeEach(async () => {
  installation = await openGround('crash');
  await append(installation, filling(SIZE));
});
afterEach(async () => {
  await endAll();
  await installation.remove();
});

it('undisturbed: the facts are those of a sequential re-computation', async () => {
  await survive(installation, []);
  const found = await findings(installation);
  expect(found.differences).toEqual([]);
  undisturbed = stageChanges(found, PAST);
  expect(undisturbed.length).toBeGreaterThan(200);
});

it.each(POINTS)('killed at %s, number %d: nothing lost, nothing twice', async (at, nth) => {
  await survive(installation, [{ at, nth, signal: 'SIGKILL' }]);
  const found = await findings(installation);
  expect(found.differences).toEqual([]);
  expect(sameFacts(stageChanges(found, PAST), undisturbed)).toEqual({ same: true });
});
