import { activityRecord, commandRecord, type OutRecord, type StageChanged, TOPIC } from '@perennial/contracts';
import { DEFAULT_TENANT } from '@perennial/values';
import { Signing } from '@perennial/engine';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Installation, KEY, withoutRepeats } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { perennial } from './command-line';
import { type EngineProcess, startEngine } from './engine-process';

const PARTITIONS = 4;
const retail = readFileSync(join(__dirname, '../../libs/definition/templates/retail.yaml'), 'utf8');
const signing = new Signing(Buffer.from(KEY, 'utf8'));

let installation: Installation;
let engine: EngineProcess;
beforeAll(async () => {
  installation = await Installation.create('dead-letter');
  engine = await startEngine(installation);
}, 60_000);
afterAll(async () => {
  await engine.stop();
  await installation.remove();
});

const order = (customer: string, id?: string) =>
  activityRecord(DEFAULT_TENANT, {
    type: 'track',
    userId: customer,
    event: 'Order Completed',
    properties: { total: '10.00', currency: 'GBP' },
    ...(id === undefined ? {} : { messageId: id }),
  });

async function send(records: readonly OutRecord[]): Promise<void> {
  const log = installation.log();
  const producer = log.producer();
  await producer.connect();
  await producer.send(records);
  await log.close();
}

const lines = (out: string): Record<string, unknown>[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function list(...args: string[]) {
  const { code, out, err } = await perennial(installation, 'dead-letter', 'list', '--json', ...args);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return lines(out);
}

/** As a process leaves it that is killed between its send and its note that it was sent. */
async function unfinishReplays(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("UPDATE dead_letter_resolution SET state = 'replaying', resolved_at = now() - interval '1 hour'");
  await client.end();
}

const enough = (count: number, ...args: string[]) =>
  waitFor(`${count} dead letters`, async () => {
    const found = await list(...args);
    return found.length >= count ? found : null;
  });

describe('perennial dead-letter', () => {
  it('lists what waits, by cause, and shows one with its bytes', async () => {
    await send([order('ann', 'a1'), order('bob'), { ...order('cat', 'c1'), value: Buffer.from('{"half') }]);
    const found = await enough(3);
    expect(found.map(({ cause }) => cause).sort()).toEqual(['invalid-json', 'no-definition', 'no-definition']);
    const [broken] = await list('--cause', 'invalid-json');
    const { code, out } = await perennial(installation, 'dead-letter', 'show', String(broken?.['id']), '--json');
    expect(code).toBe(0);
    expect(lines(out)[0]).toMatchObject({ key: 'default:cat', value: '{"half', headers: [] });
    expect(await list('--tenant', 'acme')).toEqual([]);
    expect(await list('--limit', '2')).toHaveLength(2);
  }, 60_000);

  it('replays each once: the engine takes them, and they wait no more', async () => {
    await send(
      Array.from({ length: PARTITIONS }, (_, partition) =>
        signing.sign(
          commandRecord(TOPIC.activity, partition, {
            type: 'perennial.command.publish-definition.v1',
            tenant: DEFAULT_TENANT,
            source: retail,
          }),
          1,
        ),
      ),
    );
    const replays = await Promise.all(
      [1, 2].map(() => perennial(installation, 'dead-letter', 'replay', '--cause', 'no-definition', '--json')),
    );
    const sent = replays.flatMap(({ out }) => lines(out)).map((result) => Number(result['sent']));
    expect(sent.reduce((sum, n) => sum + n, 0)).toBe(2);
    const facts = await waitFor('the entries', async () => {
      const records = withoutRepeats(await installation.records(TOPIC.stageChanged));
      return records.length >= 4 ? records : null;
    });
    const changes = facts.map(({ value }) => JSON.parse(Buffer.from(value ?? []).toString()) as StageChanged);
    expect(
      changes
        .filter(({ from }) => from === null)
        .map(({ customer }) => customer)
        .sort(),
    ).toEqual(['ann', 'bob']);
    expect(await list('--cause', 'no-definition')).toEqual([]);
    expect(await list('--cause', 'no-definition', '--all')).toMatchObject([
      { resolution: { state: 'replayed' } },
      { resolution: { state: 'replayed' } },
    ]);
  }, 60_000);

  it('finds what a replay that was killed has sent, and does not send it again', async () => {
    const before = await installation.records(TOPIC.activity);
    await unfinishReplays(installation.database.url);
    const { code, out } = await perennial(installation, 'dead-letter', 'replay', '--cause', 'no-definition', '--json');
    expect({ code, results: lines(out) }).toMatchObject({ code: 0, results: [{ sent: 0, found: 2 }] });
    expect(await installation.records(TOPIC.activity)).toHaveLength(before.length);
  }, 60_000);

  it('drops with a reason, and keeps it', async () => {
    const [broken] = await list('--cause', 'invalid-json');
    const id = String(broken?.['id']);
    expect((await perennial(installation, 'dead-letter', 'drop', id)).code).toBe(2);
    expect((await perennial(installation, 'dead-letter', 'drop', id, '--reason', 'a test')).code).toBe(0);
    expect(await list('--cause', 'invalid-json')).toEqual([]);
    expect(await list('--cause', 'invalid-json', '--all')).toMatchObject([
      { id, resolution: { state: 'dropped', reason: 'a test' } },
    ]);
    const { code, err } = await perennial(installation, 'dead-letter', 'replay', id);
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('before') as string });
  }, 60_000);

  it.each([
    [['show', '0:999999'], 'No dead letter 0:999999'],
    [['show', 'nonsense'], "no dead letter's id"],
    [['replay'], 'Say which'],
    [['replay', '--all', '--cause', 'null-key'], 'Say which'],
  ])('refuses %j with exit code 2', async (args, message) => {
    const { code, err } = await perennial(installation, 'dead-letter', ...args);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(message) as string });
  });
});
