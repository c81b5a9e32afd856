/**
 * An installation that earlier code left behind, killed at work, goes on with this code as if nothing had happened.
 *
 * What a folder holds says freeze.js: customers of a template and of a definition with nested and parallel states, histories and
 * `after`s; micro-batches that were committed and not published, states in the state log alone, an import half way, dead letters,
 * write keys. The oracle decides the whole log, what earlier code wrote of it included, with this code and without a fault.
 * A step that changes what facts say, or how states are packed, on purpose, compares what the folder had published or stored by
 * its meaning. The clock of the machine has to be later than when the folder was frozen.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { type LogRecord, type StageChanged, TOPIC } from '@perennial/contracts';
import { createInProcessLog, createRemoteLog, type Log } from '@perennial/stream';
import { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { progress } from '../integrity/harness/ground';
import { findings, type Findings } from '../integrity/harness/oracle';
import { query } from '../integrity/harness/stored';
import { perennial } from '../ops/command-line';
import { frozenNames, FrozenFolder } from './frozen-folder';

type Stored = LogRecord & { readonly partition: number };

/** Nothing waits to be published or checkpointed, and nothing of the tenant with short deadlines falls due soon. */
const UNFINISHED = `
SELECT (SELECT count(*)::int FROM deadline
        WHERE tenant = 'rhythm' AND due < extract(epoch FROM now()) * 1000 + 60000) +
       (SELECT count(*)::int FROM outbox) + (SELECT count(*)::int FROM state_log) AS left`;

describe.each(frozenNames)('the data folder %s', (name) => {
  let folder: FrozenFolder;
  let installation: Installation;
  let stack: ChildProcess;
  let collector = '';

  beforeAll(async () => {
    folder = await FrozenFolder.open(name);
    installation = await Installation.create(name, 'in-process', folder.database);
    Object.assign(installation.environment, { PERENNIAL_HOME: folder.home, TOPIC_PREFIX: '', PERENNIAL_KEY: '' });
    stack = installation.start(['up', '--json']);
    collector = await collectorOf(stack);
  }, 30_000);
  afterAll(async () => {
    await ended(stack);
    await installation.remove();
    folder.remove();
  });

  const run = async (...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await perennial(installation, ...args);
    expect({ args, code, err: code === 0 ? '' : err }).toEqual({ args, code: 0, err: '' });
    return out;
  };
  const lines = async (...args: readonly string[]) =>
    (await run(...args, '--json'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  const post = async (tenant: keyof FrozenFolder['frozen']['keys'], batch: readonly object[]): Promise<void> => {
    const headers = { authorization: `Bearer ${folder.frozen.keys[tenant]}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ batch });
    await waitFor('the collector to take the key', async () =>
      (await fetch(`${collector}/v1/batch`, { method: 'POST', headers, body })).ok ? true : null,
    );
  };

  it('was frozen with all that a crash may interrupt', () => {
    const tables = ['outbox', 'state_log', 'deadline', 'customer_state', 'write_key', 'dead_letter_resolution'];
    expect(tables.filter((table) => folder.rows(table).length === 0)).toEqual([]);
    expect(folder.frozen.acknowledged).toBeGreaterThan(0);
    expect(folder.frozen.acknowledged).toBeLessThan(folder.frozen.rows);
  });

  it('is read: tenants, definitions, write keys, dead letters and imports are what they were', async () => {
    const [tenants, keys, letters] = await Promise.all([
      lines('tenant', 'list'),
      lines('write-key', 'list'),
      lines('dead-letter', 'list', '--all'),
    ]);
    expect(tenants.map((tenant) => tenant['name']).sort()).toEqual(['bare', 'default', 'past', 'rhythm']);
    expect(keys).toMatchObject(
      folder.rows('write_key').map(({ id, tenant, label }) => ({ id: Number(id), tenant, label })),
    );
    expect(letters.map(({ cause }) => cause)).toEqual(Array(3).fill('no-definition'));
    expect(letters.filter(({ resolution }) => resolution !== null)).toHaveLength(
      folder.rows('dead_letter_resolution').length,
    );
  });

  it('goes on: new activity, deadlines that fell due, dead letters replayed, the import to its end', async () => {
    await post(
      'default',
      [1, 2, 70, 71].flatMap((n) => [order(`c${n}`, 'GBP', 1), order(`c${n}`, 'GBP', 2)]),
    );
    await post(
      'rhythm',
      [0, 1, 2, 3].flatMap((n) => [order(`r${n}`, 'EUR', 1), visit(`r${n}`)]),
    );
    const { map } = folder.frozen;
    const [imported] = await lines(
      ...[
        'import',
        '--input',
        folder.past,
        '--map',
        map,
        '--name',
        'past',
        '--tenant',
        'past',
        '--definition',
        'retail',
      ],
      ...['--go-live', 'offset', '--yes'],
    );
    expect(imported).toMatchObject({ total: folder.frozen.rows, deadLetters: 0 });
    await run('definition', 'publish', 'retail', '--tenant', 'bare', '--reason', 'late');
    expect(await lines('dead-letter', 'replay', '--all')).toMatchObject([{ sent: 2 }]);
    await settled(installation, folder);
    expect(await ended(stack)).toBe(0);
  }, 60_000);

  it('has the facts, states, deadlines and totals of an undisturbed run, each customer without a gap', async () => {
    const records = (topic: string) => recordsIn(folder, topic);
    const found = await findings({ databases: [folder.database], key: folder.key, records });
    expect(found.differences).toEqual([]);
    expect(gaps(found)).toEqual([]);
    expect(await records(TOPIC.deadLetter)).toHaveLength(3);
    expect(afters(found, 'rhythm:r9')).toBeGreaterThan(0);
  });
});

const order = (userId: string, currency: string, n: number) => ({
  ...{
    type: 'track',
    event: currency === 'EUR' ? 'order' : 'Order Completed',
    userId,
    messageId: `after-${userId}-${n}`,
  },
  properties: { total: '12.50', currency },
});
const visit = (userId: string) => ({ type: 'track', event: 'visit', userId, messageId: `after-${userId}` });

async function collectorOf(stack: ChildProcess): Promise<string> {
  let [out, said] = ['', ''];
  stack.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  stack.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await waitFor('the stack', () => {
    if (stack.exitCode !== null) throw new Error(said);
    return Promise.resolve(out.endsWith('\n') ? true : null);
  });
  const { services } = JSON.parse(out) as {
    readonly services: readonly { readonly name: string; readonly url: string }[];
  };
  return services.find(({ name }) => name === 'collector')?.url ?? '';
}

async function ended(stack: ChildProcess): Promise<number | null> {
  if (stack.exitCode !== null) return stack.exitCode;
  const exit = new Promise<number | null>((resolve) => stack.once('exit', resolve));
  stack.kill('SIGTERM');
  return exit;
}

async function settled(installation: Installation, folder: FrozenFolder): Promise<void> {
  const { log } = JSON.parse(readFileSync(join(folder.home, 'stack.json'), 'utf8')) as {
    readonly log: { readonly url: string; readonly token: string };
  };
  const served = createRemoteLog(log.url, log.token);
  const atRest = async () => {
    const [ends, next] = [await endsOf(served, TOPIC.activity), await progress(installation)];
    const [unfinished] = await query<{ left: number }>(folder.database.url, UNFINISHED);
    const isRead = [...ends].every(([partition, end]) => (next.get(partition) ?? 0) >= end);
    return isRead && unfinished?.left === 0 ? true : null;
  };
  await waitFor('the log to be read to its end', atRest, 40_000);
  await served.close();
}

const endsOf = async (log: Log, topic: string): Promise<ReadonlyMap<number, number>> =>
  new Map((await log.admin().offsets(topic)).map(({ partition, high }) => [partition, high]));

/** To be called once the stack has ended: one process at a time opens the files. */
async function recordsIn(folder: FrozenFolder, topic: string): Promise<readonly Stored[]> {
  const log = createInProcessLog({ directory: join(folder.home, 'in-process-log'), now: Date.now });
  const all: Stored[] = [];
  await log.reader().read({
    topic,
    from: 'beginning',
    until: await endsOf(log, topic),
    batch: ({ partition, records }) => {
      for (const record of records) all.push({ ...record, partition });
    },
  });
  await log.close();
  return all;
}

const moves = ({ facts }: Findings): readonly (StageChanged & { readonly key: string })[] =>
  facts
    .filter(({ topic }) => topic === TOPIC.stageChanged)
    .map(({ key, value }) => ({ key, ...(JSON.parse(Buffer.from(value, 'latin1').toString('utf8')) as StageChanged) }));

/** Where the number of a customer's move does not follow that of the move before. */
function gaps(found: Findings): string[] {
  const last = new Map<string, number>();
  return moves(found).flatMap(({ key, sequence }) => {
    const expected = (last.get(key) ?? 0) + 1;
    last.set(key, sequence);
    return sequence === expected ? [] : [`${key}: ${sequence} in place of ${expected}`];
  });
}

/** Moves of a customer that only time made. */
const afters = (found: Findings, key: string): number =>
  moves(found).filter((move) => move.key === key && move.cause.kind === 'after').length;
