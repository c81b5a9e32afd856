/**
 * From an HTTP request to a stage change, through the command line, on a broker of its own: it is stopped half-way.
 * What cannot be accepted is refused within a bounded time and in bounded memory, and nothing of it is lost or counted twice.
 */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandRecord, type StageChanged, TOPIC } from '@perennial/contracts';
import { DEFAULT_TENANT } from '@perennial/values';
import { Signing } from '@perennial/engine';
import { perennial } from '../ops/command-line';
import { Installation, KEY, withoutRepeats } from './installation';
import { waitFor } from './wait-for';

const RETAIL = readFileSync(join(__dirname, '../../libs/definition/templates/retail.yaml'), 'utf8');
const MIB = 1024 * 1024;
const DUPLICATE = 'lifecycle_events_consumed_total{topic="perennial.activity.v1",result="duplicate"';

let installation: Installation;
let stack: ChildProcess;
let urls: Record<string, string>;
let authorization: string;
let broker: number;

beforeAll(async () => {
  installation = await Installation.create('collector', '');
  const { environment } = installation;
  const home = environment['PERENNIAL_HOME'] ?? '';
  // A stack with a broker of its own: the one of the test run is not ours to stop.
  stack = installation.start(['up', '--json']);
  const up = JSON.parse(await firstLine(stack)) as { kafka: string; services: { name: string; url: string }[] };
  environment['KAFKA_BROKERS'] = up.kafka;
  urls = Object.fromEntries(up.services.map(({ name, url }) => [name, url]));
  const keys = join(home, 'keys', 'write-keys.json');
  environment['WRITE_KEYS_FILE'] = keys;
  const [key = ''] = Object.keys(JSON.parse(readFileSync(keys, 'utf8')) as Record<string, string>);
  authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
  const processes = readFileSync(join(home, 'processes'), 'utf8').trim().split('\n');
  broker =
    processes.map((line) => JSON.parse(line) as { name: string; pid: number }).find(({ name }) => name === 'Kafka')
      ?.pid ?? 0;
  await publishRetail();
}, 120_000);
afterAll(async () => {
  if (broker > 0) process.kill(broker, 'SIGCONT');
  await ended(stack);
  await installation.remove();
});

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return waitFor('the first line', () => Promise.resolve(text.includes('\n') ? text : null));
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  if (child.kill('SIGTERM')) await exit;
}

async function publishRetail(): Promise<void> {
  const log = installation.log();
  const producer = log.producer();
  await producer.connect();
  const signing = new Signing(Buffer.from(KEY));
  const publish = { type: 'perennial.command.publish-definition.v1', tenant: DEFAULT_TENANT, source: RETAIL } as const;
  await producer.send(
    [0, 1, 2, 3].map((partition) => signing.sign(commandRecord(TOPIC.activity, partition, publish), 1)),
  );
  await log.close();
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly ids: readonly string[] | undefined;
}

async function post(message: object, url = urls['collector'] ?? ''): Promise<Answer> {
  const headers = { authorization, 'content-type': 'application/json' };
  const response = await fetch(`${url}/v1/track`, { method: 'POST', headers, body: JSON.stringify(message) });
  const { ids } = (await response.json()) as { ids?: readonly string[] };
  return { status: response.status, retryAfter: response.headers.get('retry-after'), ids };
}

const order = (userId: string) => ({
  userId,
  event: 'Order Completed',
  properties: { total: '25.00', currency: 'GBP' },
});

/** Stages the customer has come to, once there are `count`; ids of the activities that caused them with it. */
async function stages(customer: string, count: number): Promise<readonly (readonly [string, string | null])[]> {
  return waitFor(`stage changes of ${customer}`, async () => {
    const records = withoutRepeats(await installation.records(TOPIC.stageChanged));
    const changes = records.map(({ value }) => JSON.parse(Buffer.from(value ?? []).toString()) as StageChanged);
    const own = changes.filter((change) => change.customer === customer);
    return own.length < count ? null : own.map(({ to, cause }) => [to, cause.activityId] as const);
  });
}

async function metric(service: string, name: string): Promise<number> {
  const text = await (await fetch(`${urls[service] ?? ''}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.split(' ')
      .at(-1) ?? Number.NaN,
  );
}

it('an activity by HTTP becomes a stage change; sent again it has no second effect', async () => {
  const first = await post(order('c1'));
  expect(first).toMatchObject({ status: 200, ids: [expect.stringMatching(/^sha256-/)] });
  const [id = ''] = first.ids ?? [];
  const entered = [
    ['onboarding', id],
    ['activation', id],
  ] as const;
  expect(await stages('c1', 2)).toEqual(entered);
  expect(await post(order('c1'))).toEqual(first);
  // The clock of this sender is wrong: its time is corrected to another one each time the request comes.
  const slow = { ...order('c1'), timestamp: '2011-03-01T12:00:00Z', sentAt: '2011-03-01T12:00:00Z', messageId: 'slow' };
  for (const request of [slow, slow]) expect(await post(request)).toMatchObject({ status: 200, ids: ['slow'] });
  await waitFor('two duplicates', async () => ((await metric('lifecycle-engine', DUPLICATE)) >= 2 ? true : null));
  expect(
    await metric('lifecycle-engine', 'lifecycle_events_consumed_total{topic="perennial.activity.v1",result="taken"'),
  ).toBe(2);
  expect(await stages('c1', 2)).toEqual(entered);
});

it('an activity sent by hand again with the same id counts once, though no time is stated', async () => {
  const before = await metric('lifecycle-engine', DUPLICATE);
  const send = ['send', 'c4', 'Order Completed', '--total', '25.00', '--currency', 'GBP', '--id', 'by-hand'];
  for (let time = 0; time < 2; time++) expect((await perennial(installation, ...send)).code).toBe(0);
  await waitFor(
    'the duplicate',
    async () => ((await metric('lifecycle-engine', DUPLICATE)) > before ? true : null),
    20_000,
  );
});

it('while the broker stands still it says 503 in time; afterwards the same request is taken, with one effect', async () => {
  process.kill(broker, 'SIGSTOP');
  const asked = performance.now();
  expect(await post(order('c2'))).toMatchObject({ status: 503, retryAfter: '5' });
  expect(performance.now() - asked).toBeLessThan(10_000);
  await waitFor('the collector to be unready', async () =>
    (await fetch(`${urls['collector'] ?? ''}/health/ready`)).status === 503 ? true : null,
  );
  process.kill(broker, 'SIGCONT');
  const taken = await waitFor('the collector to accept', async () => {
    const answer = await post(order('c2'));
    return answer.status === 200 ? answer : null;
  });
  const [id = ''] = taken.ids ?? [];
  expect(await stages('c2', 2)).toEqual([
    ['onboarding', id],
    ['activation', id],
  ]);
  expect((await fetch(`${urls['collector'] ?? ''}/health/ready`)).status).toBe(200);
});

it('a flood beyond its room is refused with 429, in bounded memory, and it goes on afterwards', async () => {
  const room = { COLLECTOR_IN_FLIGHT_BYTES: String(4 * MIB), COLLECTOR_PORT: '0' };
  const alone = installation.start(['collector'], room);
  try {
    const url = await addressOf(alone);
    expect((await post(order('c3'), url)).status).toBe(200);
    const before = memoryOf(alone);
    process.kill(broker, 'SIGSTOP');
    const large = { ...order('c3'), properties: { text: 'x'.repeat(900_000) } };
    const statuses = new Map<number, number>();
    let most = before;
    for (let wave = 0; wave < 2; wave++) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => post(large, url)));
      for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      most = Math.max(most, memoryOf(alone));
    }
    process.kill(broker, 'SIGCONT');
    expect([...statuses.keys()].sort()).toEqual([429, 503]);
    expect(statuses.get(429)).toBeGreaterThan(100);
    expect((most - before) / MIB).toBeLessThan(128);
    await waitFor('the collector to accept', async () => ((await post(large, url)).status === 200 ? true : null));
  } finally {
    process.kill(broker, 'SIGCONT');
    await ended(alone);
  }
});

async function addressOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return waitFor('the collector', () => Promise.resolve(/The collector is up: (\S+)\/health/.exec(text)?.[1] ?? null));
}

/** Bytes that the process holds in memory. */
function memoryOf({ pid = 0 }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) * 1024;
}

it('names everything that is missing, and ends with 78', async () => {
  const { code, err } = await installation.run(['collector'], {
    KAFKA_BROKERS: '',
    WRITE_KEYS_FILE: '',
    DATABASE_URL: '',
  });
  expect(code).toBe(78);
  for (const name of ['KAFKA_BROKERS: not set', 'WRITE_KEYS_FILE: not set']) expect(err).toContain(name);
});
