/** The connection to PostgreSQL breaks at the worst moments of a commit. */
import { type Direction, type Interruption, startStoreProxy, type StoreProxy } from '@perennial/testing';
import type { Installation } from '../e2e/installation';
import { endAll, EngineProcess } from './harness/engine-process';
import { filling } from './harness/filling';
import { append, openGround, settled } from './harness/ground';
import { findings } from './harness/oracle';

jest.setTimeout(180_000);

/** The statement, and the server's answer to it. */
const COMMIT = 'COMMIT\0';
const CASES: readonly (readonly [string, Direction, Interruption])[] = [
  ['is cut off before it arrives', 'to-server', 'cut'],
  ['takes effect and its acknowledgement is lost', 'from-server', 'cut'],
  ['takes effect and its acknowledgement never comes: a half-open socket', 'from-server', 'freeze'],
];

let installation: Installation;
let proxy: StoreProxy;

beforeAll(async () => {
  installation = await openGround('lost-answers');
  proxy = await startStoreProxy(installation.database.url);
});
afterAll(async () => {
  await endAll();
  await proxy.close();
  await installation.remove();
});

it.each(CASES)('a commit that %s is settled by what is stored', async (_name, direction, interruption) => {
  const engine = new EngineProcess(installation, {
    environment: { DATABASE_URL: proxy.url, QUERY_TIMEOUT_MS: '500' },
  });
  await engine.ready();
  const broken = proxy.stopAt(direction, COMMIT, interruption);
  const seed = CASES.findIndex((each) => each[1] === direction && each[2] === interruption);
  await append(installation, filling({ seed, activities: 300, live: 10 }));
  await broken;
  if (interruption === 'freeze') {
    await engine.unready();
    proxy.thaw();
  }
  await settled(installation);
  await engine.ready();
  await engine.stop();
  expect((await findings(installation)).differences).toEqual([]);
});
