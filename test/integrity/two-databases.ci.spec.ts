/** The partitions are divided between two databases (ADR 0019): the facts are the same, and one that is away is only its own. */
import { TOPIC } from '@perennial/contracts';
import { emptyDatabase, startStoreProxy, type StoreProxy } from '@perennial/testing';
import type { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { endAll, EngineProcess } from './harness/engine-process';
import { filling } from './harness/filling';
import { append, openGround, progress, settled } from './harness/ground';
import { findings } from './harness/oracle';
import { query } from './harness/stored';

jest.setTimeout(180_000);

const NAME = 'database of partitions 2 to 3';
const TABLES = ['partition_progress', 'customer_state', 'deadline', 'outbox', 'partition_tenant', 'partition_total'];

let installation: Installation;
/** Before the second database. */
let proxy: StoreProxy;
let engine: EngineProcess;

const one = () => installation.databases[0]?.url ?? '';
const two = () => installation.databases[1]?.url ?? '';
const start = (urls: string) =>
  new EngineProcess(installation, { environment: { DATABASE_URL: '', DATABASE_URLS: urls, QUERY_TIMEOUT_MS: '1000' } });
const startHere = () => start(`0-1=${one()},2-3=${proxy.url}`);

beforeAll(async () => {
  installation = await openGround('two', { others: [await emptyDatabase()] });
  proxy = await startStoreProxy(two());
});
afterAll(async () => {
  await endAll();
  await proxy.close();
  await installation.remove();
});

/** Resolves when these partitions are committed to their ends. */
async function through(partitions: readonly number[]): Promise<void> {
  const log = installation.log();
  const ends = await installation.ends(TOPIC.activity, log);
  await log.close();
  await waitFor(`partitions ${partitions.join()} to be read`, async () => {
    const next = await progress(installation);
    return partitions.every((partition) => (next.get(partition) ?? 0) >= (ends.get(partition) ?? 0)) ? true : null;
  });
}

async function partitionsIn(url: string): Promise<readonly number[]> {
  const text = TABLES.map((table) => `SELECT partition FROM ${table}`).join(' UNION ');
  return (await query<{ partition: number }>(url, text)).map(({ partition }) => partition).sort();
}

it('each database holds what is of its partitions, and nothing else', async () => {
  engine = startHere();
  await engine.ready();
  await append(installation, filling({ seed: 1, activities: 600, live: 20 }));
  await settled(installation);
  expect(await partitionsIn(one())).toEqual([0, 1]);
  expect(await partitionsIn(two())).toEqual([2, 3]);
});

it('the command line looks at both', async () => {
  const environment = { DATABASE_URL: '', DATABASE_URLS: `0-1=${one()},2-3=${two()}` };
  const { code, out } = await installation.run(['doctor'], environment);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(`${NAME} +answers`) as string });
  expect(out).toContain(`log and ${NAME} belong together`);
  const shown = await installation.run(['customer', 'show', 'c1-1', '--tenant', 'past'], environment);
  expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('c1-1') as string });
});

it('while one is away the partitions of the other go on, and health names it', async () => {
  proxy.interrupt('freeze');
  const before = await progress(installation);
  await append(installation, filling({ seed: 2, activities: 600, live: 20 }));
  await through([0, 1]);
  const reasons = await waitFor('health to name the database', async () => {
    const { ready, reasons: said } = await engine.readiness();
    return !ready && said.length > 0 ? said : null;
  });
  expect(reasons.join()).toMatch(new RegExp(`${NAME}|of partition [23]`));
  const after = await progress(installation);
  expect([after.get(2), after.get(3)]).toEqual([before.get(2), before.get(3)]);
});

it('an engine that is started meanwhile takes the partitions of the other, and all of them afterwards', async () => {
  await engine.kill();
  engine = startHere();
  await append(installation, filling({ seed: 3, activities: 100, live: 20 }));
  await through([0, 1]);
  proxy.thaw();
  await settled(installation, 120_000);
  await engine.ready();
});

it('facts and states are those of a sequential re-computation in one store', async () => {
  await engine.stop();
  const { differences, facts } = await findings(installation);
  expect(differences).toEqual([]);
  expect(facts.length).toBeGreaterThan(1_000);
});

it.each([
  ['another division', () => `0-2=${one()},3=${two()}`, 'holds partitions 0 to 1, but was given 0 to 2'],
  ['databases the other way round', () => `0-1=${two()},2-3=${one()}`, 'holds partitions 2 to 3, but was given 0 to 1'],
  ['one of them as the only one', () => `0-3=${two()}`, 'holds partitions 2 to 3, but was given 0 to 3'],
])('%s is refused with exit code 78', async (_, urls, said) => {
  const environment = { DATABASE_URL: '', DATABASE_URLS: urls(), HTTP_PORT: '0' };
  const { code, err } = await installation.run(['engine'], environment);
  expect({ code, err }).toEqual({ code: 78, err: expect.stringContaining(said) as string });
  expect(err).toContain('STORE.GROUP_CHANGED');
});
