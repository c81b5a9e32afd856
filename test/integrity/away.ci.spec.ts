/** PostgreSQL is away while activities keep coming: memory stays bounded, and all of it is processed afterwards. */
import { setTimeout as wait } from 'node:timers/promises';
import { startStoreProxy, type StoreProxy } from '@perennial/testing';
import type { Installation } from '../e2e/installation';
import { endAll, EngineProcess } from './harness/engine-process';
import { filling, LIVE, visit } from './harness/filling';
import { append, openGround, settled } from './harness/ground';
import { LONG } from './harness/long';
import { findings } from './harness/oracle';

jest.setTimeout(180_000);

const SECONDS = LONG ? 60 : 15;
const A_SECOND = 5_000;
/** What the queues hold, and what kafkajs decodes at a time, in MiB. */
const QUEUES = 160;

let installation: Installation;
let proxy: StoreProxy;

beforeAll(async () => {
  installation = await openGround('away');
  proxy = await startStoreProxy(installation.database.url);
});
afterAll(async () => {
  await endAll();
  await proxy.close();
  await installation.remove();
});

it(`${SECONDS} s without PostgreSQL under ${A_SECOND} activities/s: memory is bounded, and nothing is lost`, async () => {
  const engine = new EngineProcess(installation, {
    environment: { DATABASE_URL: proxy.url, QUERY_TIMEOUT_MS: '1000', BATCH_MAX: '2000', QUEUE_HIGH_WATER: '5000' },
  });
  await engine.ready();
  await append(installation, filling({ seed: 1, activities: 2_000, live: 100 }));
  await settled(installation);
  const before = engine.memory();
  proxy.interrupt('freeze');
  let most = 0;
  await flood(() => (most = Math.max(most, engine.memory())));
  expect((await engine.readiness()).ready).toBe(false);
  process.stdout.write(`RSS before ${Math.round(before)} MiB, most ${Math.round(most)} MiB\n`);
  expect(most - before).toBeLessThan(QUEUES);
  proxy.thaw();
  await settled(installation, 120_000);
  await engine.ready();
  expect(await engine.metric('lifecycle_unavailable')).toBe(0);
  await engine.stop();
  expect((await findings(installation)).differences).toEqual([]);
}, 600_000);

/** So many activities a second for so long, acknowledged by the broker. */
async function flood(look: () => void): Promise<void> {
  const log = installation.log();
  const producer = log.producer();
  await producer.connect();
  const started = performance.now();
  for (let second = 0; second < SECONDS; second += 1) {
    const records = Array.from({ length: A_SECOND }, (_, n) => visit(LIVE, `v${n % 1_000}`, `${second}-${n}`));
    await producer.send(records);
    look();
    await wait(Math.max(0, started + (second + 1) * 1_000 - performance.now()));
    look();
  }
  await log.close();
}
