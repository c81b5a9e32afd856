/** Killed at any moment, again and again: nothing lost, nothing twice. */
import type { Installation } from '../e2e/installation';
import { endAll } from './harness/engine-process';
import { filling } from './harness/filling';
import { append, openGround, survive } from './harness/ground';
import { LONG } from './harness/long';
import { findings } from './harness/oracle';
import { seeded, seedOfRun } from './harness/seeded';

jest.setTimeout(180_000);

const KILLS = LONG ? 10 : 3;
/** The work of one process takes about this long, in ms. */
const WORK_MS = 400;

let installation: Installation;

beforeAll(async () => {
  installation = await openGround('random-kills');
});
afterAll(async () => {
  await endAll();
  await installation.remove();
});

it(`${KILLS} kills at seeded moments of one log: the facts are those of a sequential re-computation`, async () => {
  const seed = seedOfRun();
  const random = seeded(seed);
  await append(installation, filling({ seed, activities: 3_000, live: 100 }));
  await survive(
    installation,
    Array.from({ length: KILLS }, () => ({ after: Math.floor(random() * WORK_MS), signal: 'SIGKILL' })),
  );
  expect((await findings(installation)).differences).toEqual([]);
}, 300_000);
