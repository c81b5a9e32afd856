import { activityRecord, TOPIC } from '@perennial/contracts';
import { type CustomerId, DEFAULT_TENANT, partitionFor } from '@perennial/values';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { perennial } from './command-line';
import { type EngineProcess, startEngine } from './engine-process';

const PARTITIONS = 4;

let installation: Installation;
let engine: EngineProcess;
beforeAll(async () => {
  installation = await Installation.create('doctor');
  engine = await startEngine(installation, {
    SESSION_TIMEOUT_MS: '1000',
    HEARTBEAT_MS: '200',
    LEASE_MS: '500',
    REQUEST_TIMEOUT_MS: '900',
  });
}, 60_000);
afterAll(async () => {
  await engine.stop();
  await installation.remove();
});

interface Report {
  readonly ok: boolean;
  readonly findings: readonly {
    readonly check: string;
    readonly state: string;
    readonly found: string;
    readonly remedy: string;
  }[];
}

async function doctor() {
  const { code, out } = await perennial(installation, 'doctor', '--json', '--watch', '1', '--engine', engine.url);
  return { code, ...(JSON.parse(out) as Report) };
}

const healthy = () => waitFor('a healthy installation', async () => ((await doctor()).ok ? true : null));

/** Appends activities to one partition. */
async function fill(partition: number, count: number): Promise<void> {
  const customers = Array.from({ length: 1_000 }, (_, n) => `c${n}` as CustomerId)
    .filter((customer) => partitionFor(Buffer.from(`${DEFAULT_TENANT}:${customer}`), PARTITIONS) === partition)
    .slice(0, count);
  const log = installation.log();
  const producer = log.producer();
  await producer.connect();
  await producer.send(
    customers.map((userId) => activityRecord(DEFAULT_TENANT, { type: 'track', userId, event: 'Visit' })),
  );
  await log.close();
}

/** What retention does to a partition that is not read in time. */
async function deleteBefore(partition: number, offset: number): Promise<void> {
  const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topic = `${installation.prefix}${TOPIC.activity}`;
  await admin.fetchTopicOffsets(topic); // else kafkajs does not know the leaders
  await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
  await admin.disconnect();
}

async function skips(): Promise<unknown[]> {
  const client = new Client({ connectionString: installation.database.url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(
    'SELECT partition, from_offset::int, to_offset::int, reason FROM partition_skip',
  );
  await client.end();
  return rows;
}

describe('perennial doctor', () => {
  it('finds nothing wrong while all is well', async () => {
    await healthy();
    const { code, findings } = await doctor();
    expect(code).toBe(0);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        'database',
        'schema',
        'broker',
        'topics',
        'layout',
        'partition 3',
        'deadlines',
        'engine',
      ]),
    );
  }, 60_000);

  it('names a partition that stands still, and the command that moves it', async () => {
    await engine.stop();
    await fill(2, 10);
    await deleteBefore(2, 7);
    engine = await startEngine(installation);
    const { code, findings } = await waitFor('the partition to stop', async () => {
      const report = await doctor();
      return report.findings.some(({ found }) => found.includes('stands still')) ? report : null;
    });
    expect(code).toBe(1);
    expect(findings.find(({ check }) => check === 'partition 2')).toMatchObject({
      state: 'wrong',
      found: expect.stringContaining('next offset 0, log [7, 10): records were deleted unread') as string,
      remedy: expect.stringContaining('perennial doctor skip --partition 2 --to 7 --reason') as string,
    });
  }, 60_000);

  it.each([
    ['without a reason', ['--to', '7', '--yes']],
    ['with an empty reason', ['--to', '7', '--yes', '--reason', ' ']],
    ['back, or nowhere', ['--to', '0', '--yes', '--reason', 'why']],
    ['beyond the end of the log', ['--to', '11', '--yes', '--reason', 'why']],
    ['before the beginning of the log', ['--to', '6', '--yes', '--reason', 'why']],
    ['when nobody confirms', ['--to', '7', '--reason', 'why']],
  ])('refuses to skip %s', async (_, args) => {
    const { code } = await perennial(installation, 'doctor', 'skip', '--partition', '2', ...args);
    expect(code).toBe(2);
    expect(await skips()).toEqual([]);
  });

  it('skips, says who and why, and the engine that runs takes the partition up', async () => {
    const args = ['--partition', '2', '--to', '7', '--yes', '--reason', 'deleted unread'];
    const { code, out } = await perennial(installation, 'doctor', 'skip', ...args);
    expect({ code, out }).toEqual({ code: 0, out: 'skipped offsets 0 to 6 of partition 2' });
    expect(await skips()).toEqual([{ partition: 2, from_offset: 0, to_offset: 7, reason: 'deleted unread' }]);
    await healthy();
    const { findings } = await doctor();
    expect(findings.find(({ check }) => check === 'partition 2')?.found).toContain('next offset 10, log [7, 10)');
  }, 90_000);

  it('says that the engine is away, and what is wrong then', async () => {
    await engine.stop();
    const { code, findings } = await doctor();
    expect(code).toBe(1);
    expect(findings.filter(({ state }) => state === 'wrong').map(({ check }) => check)).toEqual(
      expect.arrayContaining(['partition 0', 'partition 1', 'partition 2', 'partition 3', 'engine']),
    );
    engine = await startEngine(installation);
  }, 60_000);
});
