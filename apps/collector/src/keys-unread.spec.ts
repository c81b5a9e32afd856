/** A collector that has started while the database with the write keys is away. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInProcessLog, type Log, topicSpecs } from '@perennial/stream';
import type { Running } from '@perennial/host';
import { start } from './service';

const KEY = 'write-key-of-the-shop';
const folder = mkdtempSync(join(tmpdir(), 'perennial-keys-unread-'));
let log: Log;
let service: Running;

beforeAll(async () => {
  log = createInProcessLog({ directory: null, now: Date.now, schedule: setImmediate });
  await log.admin().createTopics(topicSpecs('', 1, 1));
  const WRITE_KEYS_FILE = join(folder, 'keys.json');
  writeFileSync(WRITE_KEYS_FILE, JSON.stringify({ [KEY]: 'shop' }));
  const nobody = 'postgres://u:p@127.0.0.1:1/x';
  const settings = { KAFKA_BROKERS: 'in-process', COLLECTOR_PORT: '0', LOG_LEVEL: 'silent', DATABASE_URL: nobody };
  service = await start({ environment: { ...settings, WRITE_KEYS_FILE }, log });
});
afterAll(async () => {
  await service.stop();
  await log.close();
  rmSync(folder, { recursive: true });
});

async function send(key: string | null, body: object = {}) {
  const headers = key === null ? {} : { authorization: `Bearer ${key}` };
  const message = JSON.stringify({ userId: 'c1', event: 'Order Completed', ...body });
  const response = await fetch(`${service.url}/v1/track`, { method: 'POST', headers, body: message });
  const { reason } = (await response.json()) as { reason?: string };
  return { status: response.status, reason, retryAfter: response.headers.get('retry-after') };
}

const later = { status: 503, reason: 'unavailable', retryAfter: '5' };
const refused = { status: 401, reason: 'unknown-key', retryAfter: null };

it('takes the keys of its file', async () => {
  expect((await send(KEY)).status).toBe(200);
});

it('lets a key that may be good be sent again, wherever it stands', async () => {
  expect(await send('pk_perhaps-in-the-database')).toEqual(later);
  expect(await send(null, { writeKey: 'pk_perhaps-in-the-database' })).toEqual(later);
});

it('refuses what has no key', async () => {
  expect(await send(null)).toEqual(refused);
  expect(await send('')).toEqual(refused);
});

it('is ready for the keys of its file, and says what is missing', async () => {
  const response = await fetch(`${service.url}/health/ready`);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ details: [{ check: 'write-keys' }] });
});
