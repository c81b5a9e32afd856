/**
 * Write keys while the collector runs: one that is created is taken, and one that is revoked refused, within two seconds and without
 * a restart; while the database is away the collector goes on with what it has, and says so.
 */
import type { ChildProcess } from 'node:child_process';
import { migrate } from '@perennial/store';
import { topicSpecs } from '@perennial/stream';
import { ownPostgres } from '../integrity/harness/own-servers';
import { perennial } from '../ops/command-line';
import { Installation } from './installation';
import { waitFor } from './wait-for';

const WITHIN_MS = 2_000;

let postgres: Awaited<ReturnType<typeof ownPostgres>>;
let installation: Installation;
let collector: ChildProcess;
let log = '';
let url: string;

beforeAll(async () => {
  postgres = await ownPostgres();
  await migrate(postgres.database.url);
  installation = await Installation.create('write-keys', undefined, postgres.database);
  const kafka = installation.log();
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics(topicSpecs('', 4, 1));
  await admin.close();
  await kafka.close();
  collector = installation.start(['collector'], { COLLECTOR_PORT: '0', WRITE_KEYS_FILE: '' });
  collector.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  url = await waitFor('the collector', () =>
    Promise.resolve(/The collector is up: (\S+)\/health/.exec(log)?.[1] ?? null),
  );
}, 60_000);
afterAll(async () => {
  const exit = new Promise((resolve) => collector.once('exit', resolve));
  if (collector.kill('SIGTERM')) await exit;
  await installation.remove();
  await postgres.remove();
});

async function send(key: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ userId: 'c1', event: 'Order Completed' });
  return (await fetch(`${url}/v1/track`, { method: 'POST', headers, body })).status;
}

/** Milliseconds until a request with the key is answered so. */
async function until(key: string, status: number): Promise<number> {
  const since = performance.now();
  await waitFor(`status ${status}`, async () => ((await send(key)) === status ? true : null));
  return performance.now() - since;
}

async function run(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await perennial(installation, ...args);
  expect([code, code === 0 ? '' : err]).toEqual([0, '']);
  return out.trim();
}

async function health(): Promise<{ status: string; details?: { check: string; detail: string }[] }> {
  return (await (await fetch(`${url}/health/ready`)).json()) as Awaited<ReturnType<typeof health>>;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(name));
  return Number(line?.split(' ').at(-1) ?? Number.NaN);
}

const warnings = (): number => log.split('write keys cannot be read from the database').length - 1;

it('a key counts within two seconds of its creation, and no longer than two seconds after its revocation', async () => {
  await run('tenant', 'create', 'shop');
  expect(await send('pk_not-a-key-of-this-installation')).toBe(401);
  const [key, other] = [await run('write-key', 'create', '--tenant', 'shop'), await run('write-key', 'create')];
  expect(await until(key, 200)).toBeLessThan(WITHIN_MS);
  expect(await until(other, 200)).toBeLessThan(WITHIN_MS);
  const made = await run('write-key', 'list', '--tenant', 'shop', '--json');
  const { id } = JSON.parse(made) as { id: number };

  await postgres.kill();
  await waitFor('the collector to notice', async () => ((await health()).details === undefined ? null : true));
  expect(await health()).toMatchObject({ status: 'ok', details: [{ check: 'write-keys' }] });
  expect([await send(key), await send(other), await send('pk_not-a-key-of-this-installation')]).toEqual([
    200, 200, 401,
  ]);
  await waitFor('two questions without an answer', async () =>
    (await metric('collector_write_key_reads_failed_total')) >= 2 ? true : null,
  );
  expect(await metric('collector_write_keys_age_seconds')).toBeGreaterThan(1);
  expect(warnings()).toBe(1);

  await postgres.restart();
  await waitFor('the collector to read again', async () => ((await health()).details === undefined ? true : null));
  await run('write-key', 'revoke', String(id));
  expect(await until(key, 401)).toBeLessThan(WITHIN_MS);
  expect(await send(other)).toBe(200);
  expect(warnings()).toBe(1);
  for (const secret of [key, other]) expect(log).not.toContain(secret.slice(3));
});

it('what cannot be done is refused with the remedy, and nothing is done', async () => {
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { code, err } = await perennial(installation, ...args);
    expect(code).toBe(2);
    return err;
  };
  expect(await refused('tenant', 'create', 'shop')).toMatch(
    /Tenant shop exists already, created .* perennial tenant show shop/,
  );
  expect(await refused('tenant', 'create', 'a:b')).toContain('name a:b: 1 to 64 characters without a colon');
  expect(await refused('tenant', 'show', 'shpo')).toContain('There is no tenant shpo. Did you mean shop?');
  expect(await refused('write-key', 'create', '--tenant', 'shpo')).toContain('perennial tenant create');
  expect(await refused('write-key', 'create', '--label', ' ')).toContain('--label: 1 to 200 characters');
  expect(await refused('write-key', 'revoke', '999999')).toContain(
    'There is no write key 999999. `perennial write-key list`',
  );
  expect(await run('write-key', 'revoke', '1')).toMatch(/^write key 1 of tenant shop had been revoked$/);
  expect(await run('tenant', 'list')).toMatch(
    /^default  0 customers  1 write key   created .*\nshop     0 customers  0 write keys  created /,
  );
});
