/** The collector as pages of other origins see it: what they may send, what of the answers they can read, and what nobody can. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInProcessLog, type Log, topicSpecs } from '@perennial/stream';
import type { Running } from '@perennial/host';
import { start } from '../service';
import { lastAnswerIn, RawConnection } from '../testing/raw-connection';

const KEY = 'write-key-of-the-shop';
const shop = 'https://shop.example.org';
const others = Array.from({ length: 998 }, (_, n) => `https://shop-${n}.example.org`);
const folder = mkdtempSync(join(tmpdir(), 'perennial-origins-'));
const order = { userId: 'c1', event: 'Order Completed', writeKey: KEY };

let log: Log;
const running: Running[] = [];
const open: RawConnection[] = [];

async function collector(set: Readonly<Record<string, string>> = {}): Promise<string> {
  const WRITE_KEYS_FILE = join(folder, 'keys.json');
  const own = { KAFKA_BROKERS: 'in-process', COLLECTOR_PORT: '0', LOG_LEVEL: 'silent', WRITE_KEYS_FILE };
  const service = await start({ environment: { ...own, ...set }, log });
  running.push(service);
  return service.url;
}

let listing: string;
beforeAll(async () => {
  log = createInProcessLog({ directory: null, now: Date.now, schedule: setImmediate });
  await log.admin().createTopics(topicSpecs('', 1, 1));
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ [KEY]: 'shop' }));
  const COLLECTOR_CORS_ORIGINS = [shop, ...others, 'http://localhost:3000'].join();
  listing = await collector({ COLLECTOR_CORS_ORIGINS, COLLECTOR_WEBHOOK_ORIGINS: 'eventgrid.azure.net' });
});
afterEach(() => {
  for (const connection of open.splice(0)) connection.close();
});
afterAll(async () => {
  for (const service of running) await service.stop();
  await log.close();
  rmSync(folder, { recursive: true });
});

function connection(url: string, text: string): RawConnection {
  const made = new RawConnection(url);
  open.push(made);
  made.send(text);
  return made;
}

async function raw(text: string, url = listing): Promise<string> {
  return connection(url, text).receivedToEnd();
}

/** A request on a connection of its own; `fetch` would not send these headers. */
const preflight = (path: string, origin: string, more = ''): Promise<string> =>
  raw(
    `OPTIONS ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\norigin: ${origin}\r\naccess-control-request-method: POST\r\n${more}\r\n`,
  );

async function post(url: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url + path, { method: 'POST', body: sent, headers });
  await response.arrayBuffer();
  const of = (name: string): string | null => response.headers.get(name);
  const [reader, vary, readable] = ['access-control-allow-origin', 'vary', 'access-control-expose-headers'].map(of);
  return { status: response.status, reader, vary, readable, challenge: of('www-authenticate') };
}

async function refusals(url: string, reason: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`collector_requests_refused_total{reason="${reason}"`));
  return Number(line?.split(' ').at(-1) ?? Number.NaN);
}

describe('a page of a listed origin', () => {
  it('sends what the browser asked for before, and reads the answer', async () => {
    const permitted = await preflight('/v1/t', shop, 'access-control-request-headers: content-type\r\n');
    expect(permitted).toMatch(/^HTTP\/1.1 204 /);
    expect(permitted).toContain(`access-control-allow-origin: ${shop}\r\n`);
    expect(permitted).toContain('access-control-allow-headers: content-type\r\n');
    expect(permitted).toContain('vary: Origin\r\n');
    expect(await post(listing, '/v1/t', order, { origin: shop, 'content-type': 'text/plain' })).toMatchObject({
      status: 200,
      reader: shop,
      vary: 'Origin',
      readable: 'Retry-After',
    });
  });

  it.each<[string, string, unknown, number]>([
    ['a wrong key', '/v1/t', { ...order, writeKey: 'pk_wrong' }, 401],
    ['what is no JSON', '/v1/b', `{"writeKey":"${KEY}"`, 400],
    ['an endpoint that is not there', '/v1/m', order, 404],
    ['an address that cannot be read', '/v1/%ff', order, 400],
    ['a body that is too large', '/v1/t', 'x'.repeat(5 * 1024 * 1024), 413],
  ])('reads also why %s is refused', async (_, path, body, status) => {
    expect(await post(listing, path, body, { origin: shop })).toMatchObject({ status, reader: shop });
  });

  it('reads that its request came to an end too early', async () => {
    const broken = connection(
      listing,
      `POST /v1/t HTTP/1.1\r\nhost: x\r\norigin: ${shop}\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`,
    );
    const received = await broken.receivedToEnd();
    expect(lastAnswerIn(received)).toMatchObject({ status: 400, body: { reason: 'invalid' } });
    expect(received).toContain(`access-control-allow-origin: ${shop}\r\n`);
  });

  it('that has a wrong key opens no log-in window at its visitor', async () => {
    const wrong = { ...order, writeKey: 'pk_wrong' };
    expect((await post(listing, '/v1/t', wrong, { origin: shop })).challenge).toBe('Bearer realm="perennial"');
    expect((await post(listing, '/v1/t', wrong)).challenge).toBe('Basic realm="perennial"');
  });

  it('reads neither metrics nor health, which ask for no key (2)', async () => {
    for (const path of ['/metrics', '/health/ready', '/v2', '/']) {
      const response = await fetch(listing + path, { headers: { origin: shop } });
      expect([path, response.headers.get('access-control-allow-origin')]).toEqual([path, null]);
    }
  });
});

describe('a page of another origin', () => {
  it('is refused before it sends, with reason and remedy, and counted', async () => {
    const before = await refusals(listing, 'origin-not-allowed');
    const received = await preflight('/v1/t', 'https://evil.example');
    expect(lastAnswerIn(received)).toMatchObject({
      status: 403,
      body: { success: false, reason: 'origin-not-allowed' },
    });
    expect(received).not.toContain('access-control-allow');
    expect(await refusals(listing, 'origin-not-allowed')).toBe(before + 1);
  });

  it('that sends without asking is answered by its key, and cannot read the answer (1)', async () => {
    const evil = { origin: 'https://evil.example', 'content-type': 'text/plain' };
    expect(await post(listing, '/v1/t', order, evil)).toMatchObject({ status: 200, reader: null, vary: 'Origin' });
    expect(await post(listing, '/v1/t', order, { origin: 'null' })).toMatchObject({ status: 200, reader: null });
  });

  it.each([
    ['two origins', `${shop}, https://evil.example`],
    ['capitals', 'https://SHOP.example.org'],
    ['a very long one', `https://${'x'.repeat(15_000)}`],
  ])('is not let in by saying %s', async (_, origin) => {
    expect(lastAnswerIn(await preflight('/v1/t', origin)).status).toBe(403);
  });

  it('is not let in by a second header', async () => {
    const received = await preflight('/v1/t', 'https://evil.example', `origin: ${shop}\r\n`);
    expect(lastAnswerIn(received).status).toBe(403);
  });
});

it('a preflight for an endpoint that is not there is told so', async () => {
  expect(lastAnswerIn(await preflight('/v1/m', shop)).status).toBe(404);
  expect(lastAnswerIn(await preflight('/t', shop)).status).toBe(404);
});

it('a preflight holds no room: its body is not read, and the connection goes on', async () => {
  const head = `host: x\r\norigin: ${shop}\r\naccess-control-request-method: POST\r\n`;
  const made = connection(listing, `OPTIONS /v1/b HTTP/1.1\r\n${head}content-length: 5000000\r\n\r\n`);
  await made.receivedWith('204 ');
  const metrics = await (await fetch(`${listing}/metrics`)).text();
  expect(metrics).toMatch(/collector_in_flight_bytes\{[^}]*\} 0\n/);
  made.send('x'.repeat(5_000_000));
  made.send(`OPTIONS /v1/b HTTP/1.1\r\n${head}connection: close\r\n\r\n`);
  expect((await made.receivedToEnd()).split('HTTP/1.1 204').length - 1).toBe(2);
});

it('names of headers that a preflight asks for cannot bring a header of their own', async () => {
  const asked = 'access-control-request-headers: x-a, set-cookie:b=c\tset-cookie, \xe9, "x", ce-id\r\n';
  const received = await preflight('/v1/events', shop, asked);
  expect(received).toContain('access-control-allow-headers: x-a, ce-id\r\n');
});

it('a system that is listed may send webhooks, and another is refused', async () => {
  const ask = (sender: string) =>
    raw(
      `OPTIONS /v1/events HTTP/1.1\r\nhost: x\r\nconnection: close\r\nwebhook-request-origin: ${sender}\r\nwebhook-request-callback: https://evil.example/\r\nwebhook-request-rate: 120\r\n\r\n`,
    );
  const permitted = await ask('eventgrid.azure.net');
  expect(permitted).toMatch(/^HTTP\/1.1 200 /);
  for (const line of [
    'webhook-allowed-origin: eventgrid.azure.net',
    'webhook-allowed-rate: 120',
    'allow: OPTIONS, POST',
  ])
    expect(permitted).toContain(`${line}\r\n`);
  expect(lastAnswerIn(await ask('evil.example'))).toMatchObject({
    status: 403,
    body: { reason: 'origin-not-allowed' },
  });
});

it('where no origin is listed no page may send, and no answer says anything of pages', async () => {
  const url = await collector();
  expect(
    lastAnswerIn(
      await raw(
        `OPTIONS /v1/t HTTP/1.1\r\nhost: x\r\nconnection: close\r\norigin: ${shop}\r\naccess-control-request-method: POST\r\n\r\n`,
        url,
      ),
    ).status,
  ).toBe(403);
  expect(await post(url, '/v1/t', order, { origin: shop })).toMatchObject({ status: 200, reader: null, vary: null });
});

it('where any origin may send, answers are the same for all', async () => {
  const url = await collector({ COLLECTOR_CORS_ORIGINS: '*' });
  expect(await post(url, '/v1/t', order, { origin: 'https://whoever.example' })).toMatchObject({
    status: 200,
    reader: '*',
    vary: null,
  });
});
