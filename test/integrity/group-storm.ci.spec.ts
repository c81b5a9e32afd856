/** Members join and leave the group every second: the work goes on, and nothing of it is skipped. */
import type { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { endAll, EngineProcess } from './harness/engine-process';
import { filling } from './harness/filling';
import { append, openGround, settled } from './harness/ground';
import { findings } from './harness/oracle';
import { query } from './harness/stored';

jest.setTimeout(180_000);

/** Of partitions that change hands; those that a rebalance leaves with their engine are not claimed. */
const CLAIMS = 20;
let installation: Installation;

beforeAll(async () => {
  installation = await openGround('storm');
});
afterAll(async () => {
  await endAll();
  await installation.remove();
});

it('with two members that come and go every second the facts are those of a sequential re-computation', async () => {
  const stays = new EngineProcess(installation);
  await stays.ready();
  const others = [700, 1_100].map((coming) => new EngineProcess(installation, { coming }));
  for (let seed = 1; (await claims()) < CLAIMS; seed += 1) {
    await append(installation, filling({ seed, activities: 200, live: 10 }));
    const before = await claims();
    await waitFor('the partitions to change hands', async () => ((await claims()) > before ? true : null));
  }
  await Promise.all(others.map((other) => other.kill()));
  await settled(installation);
  await stays.stop();
  expect((await findings(installation)).differences).toEqual([]);
}, 120_000);

/** How often partitions were taken over. */
async function claims(): Promise<number> {
  const text = 'SELECT sum(epoch)::int AS n FROM partition_progress';
  const [row] = await query<{ n: number }>(installation.database.url, text);
  return row?.n ?? 0;
}
