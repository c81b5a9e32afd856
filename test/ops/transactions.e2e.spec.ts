/** Transactional producers leave markers in the log that are no records; progress moves over them (docs/adr/0022). */
import { activityRecord, TOPIC } from '@perennial/contracts';
import { type CustomerId, DEFAULT_TENANT, partitionFor } from '@perennial/values';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { perennial } from './command-line';
import { type EngineProcess, startEngine } from './engine-process';

const PARTITION = 1;
const QUICK = { SESSION_TIMEOUT_MS: '1000', HEARTBEAT_MS: '200', LEASE_MS: '500', REQUEST_TIMEOUT_MS: '900' };

let installation: Installation;
let engine: EngineProcess;
let kafka: Kafka;
let producer: Producer;

beforeAll(async () => {
  installation = await Installation.create('transactions');
  engine = await startEngine(installation, QUICK);
  kafka = new Kafka({ brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), logLevel: logLevel.NOTHING });
  producer = kafka.producer({ transactionalId: installation.prefix, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
}, 60_000);
afterAll(async () => {
  await producer.disconnect();
  await engine.stop();
  await installation.remove();
});

const topic = (): string => `${installation.prefix}${TOPIC.activity}`;

/** Two activities in one transaction: three offsets with its marker. */
async function send(end: 'commit' | 'abort', while_: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  const messages = Array.from({ length: 1_000 }, (_, n) => `c${n}` as CustomerId)
    .filter((customer) => partitionFor(Buffer.from(`${DEFAULT_TENANT}:${customer}`), 4) === PARTITION)
    .slice(0, 2)
    .map((userId) => {
      const { key, value, headers } = activityRecord(DEFAULT_TENANT, { type: 'track', userId, event: 'Visit' });
      const texts = Object.fromEntries(headers.map(({ name, value: text }) => [String(name), String(text)]));
      return { partition: PARTITION, key: String(key), value: Buffer.from(value ?? ''), headers: texts };
    });
  const transaction = await producer.transaction();
  await transaction.send({ topic: topic(), messages });
  await while_();
  await transaction[end]();
}

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly found: string;
}

async function found(): Promise<Finding | undefined> {
  const { out } = await perennial(installation, 'doctor', '--json', '--watch', '1', '--engine', engine.url);
  const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] };
  return findings.find(({ check }) => check === `partition ${PARTITION}`);
}

const isThrough = (offset: number) =>
  waitFor(`progress at ${offset}`, async () => {
    const finding = await found();
    return finding?.state === 'ok' && finding.found.startsWith(`next offset ${offset}, `) ? finding.found : null;
  });

async function deleteBefore(offset: number): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.fetchTopicOffsets(topic()); // else kafkajs does not know the leaders
  await admin.deleteTopicRecords({ topic: topic(), partitions: [{ partition: PARTITION, offset: String(offset) }] });
  await admin.disconnect();
}

describe('a partition that ends with a marker', () => {
  it('of a committed transaction is done', async () => {
    await send('commit');
    expect(await isThrough(3)).toContain('log [0, 3)');
  }, 60_000);

  it('of an aborted transaction is done; while it is open doctor says so', async () => {
    await send('abort', async () => {
      expect((await found())?.found).toContain("a producer's transaction is open");
    });
    expect(await isThrough(6)).toContain('log [0, 6)');
  }, 60_000);

  it('goes on after a restart though retention has removed all before the end, the marker included', async () => {
    await engine.stop();
    await deleteBefore(6);
    engine = await startEngine(installation, QUICK);
    expect(await isThrough(6)).toContain('log [6, 6)');
    await send('commit');
    expect(await isThrough(9)).toContain('log [6, 9)');
  }, 90_000);
});
