/** What somebody without a write key can do to the collector: no more than take small, bounded room. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInProcessLog, type Log, topicSpecs } from '@perennial/stream';
import type { Running } from '@perennial/host';
import { start } from '../service';
import { lastAnswerIn, RawConnection } from '../testing/raw-connection';

const KEY = 'write-key-of-the-shop';
const MIB = 1024 * 1024;
const order = JSON.stringify({ userId: 'c1', event: 'Order Completed', messageId: 'm1', properties: { total: 5 } });
const folder = mkdtempSync(join(tmpdir(), 'perennial-collector-'));
const keysFile = join(folder, 'keys.json');
writeFileSync(keysFile, JSON.stringify({ [KEY]: 'shop' }));

let log: Log;
let service: Running;
const open: RawConnection[] = [];

beforeAll(async () => {
  log = createInProcessLog({ directory: null, now: Date.now, schedule: setImmediate });
  await log.admin().createTopics(topicSpecs('', 1, 1));
  const environment = {
    KAFKA_BROKERS: 'in-process',
    COLLECTOR_PORT: '0',
    WRITE_KEYS_FILE: keysFile,
    LOG_LEVEL: 'silent',
    COLLECTOR_IN_FLIGHT_BYTES: String(4 * MIB),
    COLLECTOR_CONNECTIONS: '100',
  };
  service = await start({ environment, log });
});
afterEach(() => {
  for (const connection of open.splice(0)) connection.close();
});
afterAll(async () => {
  await service.stop();
  await log.close();
  rmSync(folder, { recursive: true });
});

function connection(): RawConnection {
  const made = new RawConnection(service.url);
  open.push(made);
  return made;
}

/** A request that the server has begun to take: it says so by `100 Continue`, and then waits for the body. */
async function idle(headers: string): Promise<RawConnection> {
  const made = connection();
  made.send(`POST /v1/track HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n${headers}\r\n`);
  await made.receivedWith('100 Continue');
  return made;
}

async function post(body: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(`${service.url}/v1/track`, { method: 'POST', body, headers });
  await response.arrayBuffer();
  return response.status;
}
const authorized = { authorization: `Bearer ${KEY}` };

describe('requests that announce a body and do not send it', () => {
  it.each([
    ['a key', `authorization: Bearer ${KEY}\r\ncontent-length: ${4 * MIB}\r\n`],
    ['a key, packed', `authorization: Bearer ${KEY}\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n`],
    ['no key', 'content-length: 60000\r\n'],
    ['no key, packed', 'content-encoding: gzip\r\ntransfer-encoding: chunked\r\n'],
  ])('with %s take no room from others', async (_, headers) => {
    for (let n = 0; n < 20; n++) await idle(headers);
    expect(await post(order, authorized)).toBe(200);
    expect(await post(JSON.stringify({ ...(JSON.parse(order) as object), writeKey: KEY }))).toBe(200);
  });

  it('without a key are refused before the body where it cannot hold the key, or is large', async () => {
    const large = await idle(`content-length: ${MIB}\r\n`);
    expect(lastAnswerIn(await large.receivedWith('}')).status).toBe(401);
    const event = connection();
    event.send('POST /v1/events HTTP/1.1\r\nhost: x\r\nce-specversion: 1.0\r\ncontent-length: 100\r\n\r\n');
    expect(lastAnswerIn(await event.receivedWith('}')).status).toBe(401);
  });
});

it('a body without a key is read no further than 512 KiB, whatever it announces', async () => {
  const endless = await idle('transfer-encoding: chunked\r\n');
  for (let n = 0; n < 9; n++) endless.send(`10000\r\n${'x'.repeat(0x10000)}\r\n`);
  expect(lastAnswerIn(await endless.receivedWith('}'))).toMatchObject({ status: 401, body: { reason: 'unknown-key' } });
});
