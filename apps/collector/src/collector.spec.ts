/** The collector as it runs, on a log within the process: what is sent by HTTP, and what stands in the log then. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { decodeRecord, headersOf, headerText, type LogBatch, type LogRecord, TOPIC } from '@perennial/contracts';
import { RetryableError } from '@perennial/values';
import { createInProcessLog, type Log, type LogProducer, topicSpecs } from '@perennial/stream';
import fc from 'fast-check';
import type { Running } from '@perennial/host';
import { start } from './service';
import { lastAnswerIn, RawConnection } from './testing/raw-connection';

const KEY = 'write-key-of-the-shop';
const folder = mkdtempSync(join(tmpdir(), 'perennial-collector-'));
const keysFile = join(folder, 'keys.json');
writeFileSync(keysFile, JSON.stringify({ [KEY]: 'shop', 'write-key-of-another': 'other' }));

/** Faults of the producer, when a test wants one. */
let send: ((really: () => ReturnType<LogProducer['send']>) => ReturnType<LogProducer['send']>) | null = null;
let log: Log;
let service: Running;

beforeAll(async () => {
  log = createInProcessLog({ directory: null, now: Date.now, schedule: setImmediate });
  await log.admin().createTopics(topicSpecs('', 3, 1));
  const real = log.producer();
  const producer: LogProducer = {
    connect: () => real.connect(),
    send: (records) => (send === null ? real.send(records) : send(() => real.send(records))),
    close: () => real.close(),
  };
  const environment = {
    KAFKA_BROKERS: 'in-process',
    COLLECTOR_PORT: '0',
    WRITE_KEYS_FILE: keysFile,
    LOG_LEVEL: 'silent',
    COLLECTOR_IN_FLIGHT_BYTES: String(4 * 1024 * 1024),
  };
  service = await start({ environment, log: { ...log, producer: () => producer } });
});
afterEach(() => {
  send = null;
});
afterAll(async () => {
  await service.stop();
  await log.close();
  rmSync(folder, { recursive: true });
});

const authorized = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };

interface Answer {
  readonly status: number;
  readonly body: {
    readonly ids?: readonly string[];
    readonly reason?: string;
    readonly message?: string;
    readonly problems?: readonly { readonly field: string }[];
  };
  readonly headers: Headers;
}

/** With the key of the shop, unless the test says otherwise; null leaves a header out. */
function given(headers: Readonly<Record<string, string | null>>): [string, string][] {
  const all: Record<string, string | null> = { ...authorized, ...headers };
  return Object.entries(all).flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]]));
}

async function post(
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string | null>> = {},
): Promise<Answer> {
  const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const response = await fetch(`${service.url}/v1/${path}`, {
    method: 'POST',
    body: sent as string,
    headers: given(headers),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers };
}

async function ends(): Promise<ReadonlyMap<number, number>> {
  return new Map((await log.admin().offsets(TOPIC.activity)).map(({ partition, high }) => [partition, high]));
}

/** What the log holds more after the work. */
async function added(work: () => Promise<unknown>): Promise<readonly LogRecord[]> {
  const from = await ends();
  await work();
  const records: LogRecord[] = [];
  const batch = (read: LogBatch): void => void records.push(...read.records);
  await log.reader().read({ topic: TOPIC.activity, from, until: await ends(), batch });
  return records;
}

const activityOf = (record: LogRecord | undefined) => {
  const decoded = record === undefined ? null : decodeRecord(record);
  if (decoded?.kind !== 'activity') throw new Error(`no activity: ${JSON.stringify(decoded)}`);
  return { tenant: decoded.tenant, ...decoded.activity };
};
const fields = ({ body }: Answer) => body.problems?.map(({ field }) => field);
const order = { userId: 'c1', event: 'Order Completed', messageId: 'm1', properties: { total: '25.00' } };

describe('a Segment message', () => {
  it('is accepted with 200, and stands in the log under its customer', async () => {
    const records = await added(async () => {
      expect(await post('track', order)).toMatchObject({ status: 200, body: { success: true, ids: ['m1'] } });
    });
    expect(records).toHaveLength(1);
    expect(Buffer.from(records[0]?.key ?? []).toString()).toBe('shop:c1');
    expect(activityOf(records[0])).toEqual({
      tenant: 'shop',
      id: 'm1',
      customer: 'c1',
      type: 'track',
      event: 'Order Completed',
      at: null,
      properties: { total: '25.00' },
    });
  });

  it.each(['identify', 'page', 'screen', 'group', 'alias'])('of type %s too', async (type) => {
    const [record] = await added(() => post(type, { userId: 'c2', groupId: 'g', previousId: 'p' }));
    expect(activityOf(record)).toMatchObject({ type, customer: 'c2' });
  });

  it.each([
    ['t', 'track'],
    ['i', 'identify'],
    ['p', 'page'],
    ['s', 'screen'],
    ['g', 'group'],
    ['a', 'alias'],
  ])('at /v1/%s is a %s; another type in it is refused', async (path, type) => {
    const message = { userId: 'c3', event: 'Order Completed', groupId: 'g', previousId: 'p' };
    const [record] = await added(() => post(path, message, { 'content-type': 'text/plain' }));
    expect(activityOf(record)).toMatchObject({ type, customer: 'c3' });
    const other = await post(path, { ...message, type: type === 'page' ? 'screen' : 'page' });
    expect([other.status, fields(other)]).toEqual([400, ['type']]);
  });

  it('whose objects are empty lists, as PHP writes them, is taken for what is meant', async () => {
    const empty = { properties: [], traits: [], integrations: [], context: [] };
    const list = { ...order, properties: { items: [] } };
    const own = {
      specversion: '1.0',
      id: 'e1',
      source: '/php',
      type: TOPIC.activity,
      data: { ...order, type: 'track', ...empty },
    };
    const records = await added(async () => {
      expect((await post('track', { ...order, ...empty })).status).toBe(200);
      expect((await post('i', { userId: 'c1', traits: [], context: { traits: [] } })).status).toBe(200);
      expect((await post('import', { batch: [{ type: 'track', ...order, ...empty }] })).status).toBe(200);
      expect((await post('events', own, { 'content-type': 'application/cloudevents+json' })).status).toBe(202);
      expect((await post('track', list)).status).toBe(200);
      expect(fields(await post('track', { ...order, properties: [1] }))).toEqual(['properties']);
    });
    expect(records.map((record) => activityOf(record).properties)).toEqual([{}, {}, {}, {}, { items: [] }]);
    const [first, second] = records.map(({ value }) => JSON.parse(Buffer.from(value ?? []).toString()) as object);
    expect(first).toEqual({ ...order, type: 'track', properties: {}, traits: {}, integrations: {}, context: {} });
    expect(second).toMatchObject({ context: { traits: {} } });
  });

  it('is taken as text, packed, and with the key in its body, which does not reach the log', async () => {
    const message = { ...order, writeKey: KEY };
    const [record] = await added(() =>
      post('track', gzipSync(JSON.stringify(message)), {
        authorization: null,
        'content-type': 'text/plain',
        'content-encoding': 'gzip',
      }),
    );
    expect(activityOf(record).tenant).toBe('shop');
    expect(Buffer.from(record?.value ?? []).toString()).not.toContain(KEY);
  });

  it('gets its time corrected when the clock of its sender is wrong, and keeps the original', async () => {
    const [record] = await added(() =>
      post('track', { ...order, timestamp: '2001-01-01T00:00:00Z', sentAt: '2001-01-01T01:00:00Z' }),
    );
    const { at, corrected } = activityOf(record);
    expect(Math.abs(Date.now() - 3_600_000 - (at ?? 0))).toBeLessThan(60_000);
    expect(corrected).toBe(true);
    expect(Buffer.from(record?.value ?? []).toString()).toContain('"originalTimestamp":"2001-01-01T00:00:00Z"');
  });
});

it('a time that contradicts its sentAt is left as it is, and counted', async () => {
  const stated = new Date(Date.now() - 60_000).toISOString();
  const sentAt = new Date(Date.now() - 14 * 86_400_000).toISOString();
  const [record] = await added(() => post('track', { ...order, timestamp: stated, sentAt }));
  expect(activityOf(record).at).toBe(Date.parse(stated));
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  expect(metrics).toMatch(/collector_sender_clocks_total\{result="contradictory",[^}]*\} 1\n/);
});

describe('a request that is sent again', () => {
  it('gives the same ids, with and without a messageId', async () => {
    const anonymous = { ...order, messageId: null };
    const batch = {
      batch: [
        { type: 'track', ...order },
        { type: 'track', ...anonymous },
      ],
      sentAt: '2011-03-01T12:00:00Z',
    };
    const [first, second] = [
      await post('batch', batch),
      await post('batch', { ...batch, sentAt: '2011-03-01T12:00:09Z' }),
    ];
    expect(second.body.ids).toEqual(first.body.ids);
    expect(first.body.ids).toEqual(['m1', expect.stringMatching(/^sha256-/)]);
  });
});

describe('a batch', () => {
  it.each([
    ['batch', 'corrected', /^20[2-9]/],
    ['import', 'as it is: it was first sent long ago', /^2011-03-01T12:00:00/],
  ])('has the time of its messages at /v1/%s %s', async (path, _, time) => {
    const past = { ...order, timestamp: '2011-03-01T12:00:00Z', sentAt: '2011-03-01T12:00:05Z' };
    const [record] = await added(() => post(path, { batch: [{ type: 'track', ...past }] }));
    expect(JSON.parse(Buffer.from(record?.value ?? []).toString())).toMatchObject({
      timestamp: expect.stringMatching(time) as string,
    });
  });

  it.each(['batch', 'b', 'import'])('is taken at /v1/%s', async (path) => {
    const records = await added(async () => {
      const body = { batch: [{ type: 'track', ...order }], sentAt: new Date().toISOString() };
      expect(await post(path, body)).toMatchObject({ status: 200, body: { ids: ['m1'] } });
    });
    expect(records).toHaveLength(1);
  });

  it('is taken as a whole', async () => {
    const records = await added(async () => {
      const messages = Array.from({ length: 1_000 }, (_, index) => ({ type: 'page', userId: `c${index}` }));
      expect((await post('batch', { batch: messages })).status).toBe(200);
    });
    expect(records).toHaveLength(1_000);
  });

  it('with one bad message is refused as a whole, and says which and why', async () => {
    const records = await added(async () => {
      const answer = await post('batch', {
        batch: [{ type: 'track', ...order }, { type: 'track', userId: 'c1' }, { type: 'page' }],
      });
      expect([answer.status, fields(answer)]).toEqual([400, ['batch.1.event', 'batch.2']]);
    });
    expect(records).toEqual([]);
  });
});

describe('a CloudEvent', () => {
  const event = {
    specversion: '1.0',
    id: 'e1',
    source: '/shop',
    type: 'com.shop.paid',
    subject: 'c1',
    time: '2011-03-01T12:00:00Z',
  };
  const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' };

  it('of another system goes on in binary mode, structured or binary', async () => {
    const binary = { 'ce-specversion': '1.0', 'ce-id': 'e1', 'ce-source': '/shop', 'ce-type': 'com.shop.paid' };
    const said = { id: 'e1', event: 'com.shop.paid', at: Date.parse(event.time), properties: { total: 5 } };
    const [first] = await added(() =>
      post('events', { ...event, data: { total: 5 }, traceparent: '00-1' }, structured),
    );
    expect(activityOf(first)).toMatchObject({ ...said, customer: 'c1' });
    const sent = headersOf({ ce_source: '/shop', ce_traceparent: '00-1', ce_specversion: '1.0' });
    for (const { name, value } of sent) expect(headerText(first?.headers ?? [], String(name))).toBe(value);
    const [second] = await added(() =>
      post('events', { total: 5 }, { ...binary, 'ce-subject': 'c%C3%BC', 'ce-time': event.time }),
    );
    expect(activityOf(second)).toMatchObject({ ...said, customer: 'cü' });
  });

  it('around a Segment message fills in what the message lacks', async () => {
    const own = { ...event, type: TOPIC.activity, data: { type: 'track', event: 'Order Completed' } };
    const [record] = await added(() => post('events', [own], { 'content-type': 'application/cloudevents-batch+json' }));
    expect(activityOf(record)).toMatchObject({
      id: 'e1',
      customer: 'c1',
      event: 'Order Completed',
      at: Date.parse(event.time),
    });
  });

  it.each(['com.shop.paid', TOPIC.activity])(
    'of type %s keeps its source beside its id, in the log too',
    async (type) => {
      const data = { type: 'track', event: 'Order Completed' };
      const records = await added(async () => {
        for (const source of ['/shop', '/pos-till-3']) {
          expect((await post('events', { ...event, type, source, data }, structured)).body.ids).toEqual(['e1']);
        }
        const named = { ...event, type: TOPIC.activity, data: { ...data, messageId: 'm1' } };
        expect((await post('events', named, structured)).body.ids).toEqual(['m1']);
      });
      expect(records.map(activityOf).map(({ id, source }) => [id, source])).toEqual([
        ['e1', '/shop'],
        ['e1', '/pos-till-3'],
        ['m1', undefined],
      ]);
    },
  );

  it.each([
    ['without a customer', { subject: '' }, 'subject'],
    ['that is a clock record', { type: 'perennial.clock.v1' }, 'type'],
    ['that is a command', { type: 'perennial.command.start-bootstrap.v1' }, 'type'],
    ['with an attribute that is none', { 'Perennial-Signature': 'x' }, 'Perennial-Signature'],
    ['with a bad message in it', { type: TOPIC.activity, data: { type: 'track' } }, 'data.event'],
    ['without an id', { id: '' }, 'id'],
  ])('%s is refused', async (_, change, field) => {
    const records = await added(async () => {
      const answer = await post('events', { ...event, ...change }, structured);
      expect([answer.status, fields(answer)]).toEqual([400, [field]]);
    });
    expect(records).toEqual([]);
  });

  it('must say that it is one', async () => {
    expect((await post('events', event)).status).toBe(415);
    expect((await post('events', '<x/>', { 'ce-specversion': '1.0', 'content-type': 'text/xml' })).status).toBe(400);
  });
});

describe('a write key', () => {
  const event = { specversion: '1.0', id: 'e1', source: '/shop', type: 'com.shop.paid', subject: 'c1' };
  const structured = { 'content-type': 'application/cloudevents+json' };
  const batch = { 'content-type': 'application/cloudevents-batch+json' };
  const binary = { 'ce-specversion': '1.0', 'ce-id': 'e1', 'ce-source': '/s', 'ce-type': 'x', 'ce-subject': 'c1' };
  const inUrl = { context: { page: { url: `https://shop.example/?writeKey=${KEY}` } } };

  it.each<[string, string, unknown, Record<string, string>]>([
    ['the data of a CloudEvent in binary mode', 'events', { writeKey: KEY }, binary],
    ['the data of a structured CloudEvent', 'events', { ...event, data: { writeKey: KEY } }, structured],
    ['a structured CloudEvent', 'events', { ...event, writeKey: KEY }, structured],
    ['the query', `track?writeKey=${KEY}`, order, {}],
    ['the context', 'track', { ...order, context: { writeKey: KEY } }, {}],
    ['a message of a batch', 'batch', { batch: [{ type: 'track', ...order, writeKey: KEY }] }, {}],
  ])('is not read from %s', async (_, path, body, headers) => {
    const records = await added(async () => {
      expect((await post(path, body, { ...headers, authorization: null })).status).toBe(401);
    });
    expect(records).toEqual([]);
  });

  it.each<[string, string, unknown, Record<string, string>, string]>([
    ['the data of a CloudEvent', 'events', { deep: [{ writeKey: KEY }] }, binary, ''],
    ['the second event of a batch', 'events', [event, { ...event, data: { writeKey: KEY } }], batch, '1'],
    ['an attribute', 'events', {}, { ...binary, 'ce-writekey': KEY }, ''],
    ['the customer', 'track', { ...order, userId: KEY }, {}, ''],
    ['an address in the context', 'track', { ...order, ...inUrl }, {}, ''],
    [
      'the properties of a message in a batch',
      'batch',
      { batch: [{ type: 'page', userId: 'c', properties: { KEY } }] },
      {},
      'batch.0',
    ],
  ])('that stands in %s is refused, and reaches neither log nor answer', async (_, path, body, headers, field) => {
    const records = await added(async () => {
      const answer = await post(path, body, headers);
      expect([answer.status, fields(answer)]).toEqual([400, [field]]);
      expect(JSON.stringify(answer.body)).not.toContain(KEY);
    });
    expect(records).toEqual([]);
  });

  it('at the top of a Segment message or batch, or of a message in it, is left out', async () => {
    const own = { ...event, type: TOPIC.activity, data: { type: 'track', event: 'x', writeKey: KEY } };
    const records = await added(async () => {
      const message = { type: 'track', ...order, writeKey: KEY };
      expect((await post('track', message, { authorization: null })).status).toBe(200);
      expect((await post('batch', { batch: [message], writeKey: KEY }, { authorization: null })).status).toBe(200);
      expect((await post('events', own, structured)).status).toBe(202);
    });
    expect(records).toHaveLength(3);
    for (const { value } of records) expect(Buffer.from(value ?? []).toString()).not.toContain(KEY);
  });
});

describe('what is refused', () => {
  it.each(['nobody', '', `Basic ${Buffer.from(KEY.slice(0, -1)).toString('base64')}`])(
    'an unknown key, %j, in one shape',
    async (authorization) => {
      const answer = await post('track', order, { authorization });
      expect([answer.status, answer.body.reason, answer.headers.get('www-authenticate')]).toEqual([
        401,
        'unknown-key',
        'Basic realm="perennial"',
      ]);
    },
  );

  it.each<[string, string, unknown, number, Record<string, string>]>([
    ['no JSON', 'track', '{"userId":', 400, {}],
    ['no UTF-8', 'track', Uint8Array.of(0x22, 0xc3, 0x28, 0x22), 400, {}],
    ['nothing', 'track', '', 400, {}],
    ['a list', 'track', [order], 400, {}],
    ['another type than the path', 'page', { ...order, type: 'track' }, 400, {}],
    [
      'nesting without end',
      'track',
      `{"userId":"c1","event":"x","deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      400,
      {},
    ],
    ['an activity above 1 MiB', 'track', { ...order, properties: { text: 'x'.repeat(1024 * 1024) } }, 413, {}],
    ['a body above 4 MiB', 'track', 'x'.repeat(4 * 1024 * 1024 + 1), 413, {}],
    [
      'a packed body above 4 MiB',
      'track',
      gzipSync('x'.repeat(4 * 1024 * 1024 + 1)),
      413,
      { 'content-encoding': 'gzip' },
    ],
    ['a body that is not packed', 'track', order, 400, { 'content-encoding': 'gzip' }],
    ['an unknown packing', 'track', order, 415, { 'content-encoding': 'zstd' }],
    ['an unknown endpoint', 'order', order, 404, {}],
  ])('%s', async (_, path, body, status, headers) => {
    const records = await added(async () => {
      const answer = await post(path, body, headers);
      expect([answer.status, typeof answer.body.message]).toEqual([status, 'string']);
    });
    expect(records).toEqual([]);
  });
});

describe('an address where nothing is', () => {
  it.each([
    ['POST', '/', 404],
    ['POST', '/v1', 404],
    ['GET', '/v1/track', 404],
    ['POST', '/v1/track/', 401],
    ['POST', '/v1/track/more', 404],
    ['GET', '/metric', 404],
    ['POST', '/health/live', 404],
    ['POST', '/v1/%ff', 400],
    ['GET', '/%', 404],
  ])('%s %s is answered in the one shape', async (method, path, status) => {
    const response = await fetch(service.url + path, { method });
    const body = (await response.json()) as Answer['body'];
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'application/json; charset=utf-8',
    ]);
    expect(Object.keys(body)).toEqual(['success', 'reason', 'message', 'problems']);
  });
});

describe('when the log does not keep up', () => {
  it('says 503 while it is away, and takes the same request when it is back', async () => {
    send = () => Promise.reject(new RetryableError('STREAM.LOG_AWAY', 'gone'));
    const away = await post('track', order);
    expect([away.status, away.headers.get('retry-after'), away.body.reason]).toEqual([503, '5', 'unavailable']);
    send = null;
    expect(await post('track', order)).toMatchObject({ status: 200, body: { ids: ['m1'] } });
  });

  it('says 200 only after the acknowledgement', async () => {
    let acknowledge: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      send = async (really) => {
        await new Promise<void>((go) => {
          acknowledge = go;
          resolve();
        });
        return really();
      };
    });
    let answered = false;
    const answer = post('track', order).finally(() => (answered = true));
    await reached;
    await fetch(`${service.url}/health/live`);
    expect(answered).toBe(false);
    acknowledge();
    expect((await answer).status).toBe(200);
  });

  it('says 429 to what it has no room for, and has room again afterwards', async () => {
    const held: (() => void)[] = [];
    send = async (really) => {
      await new Promise<void>((go) => held.push(go));
      return really();
    };
    const large = { ...order, properties: { text: 'x'.repeat(1_000_000) } };
    const answers = Array.from({ length: 8 }, () => post('track', large));
    const refused = await Promise.any(answers);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
    send = null;
    const release = setInterval(() => {
      for (const go of held.splice(0)) go();
    }, 5);
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    clearInterval(release);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect((await post('track', large)).status).toBe(200);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(/collector_requests_refused_total\{reason="busy",[^}]*\} [1-9]/);
    expect(metrics).toMatch(/collector_in_flight_bytes\{[^}]*\} 0\n/);
  });

  it('reads a body that it has refused half way to its end, so that the sender gets the answer and can go on', async () => {
    const connection = new RawConnection(service.url);
    const head = `POST /v1/track HTTP/1.1\r\nhost: x\r\nauthorization: ${authorized.authorization}\r\ntransfer-encoding: chunked\r\n\r\n`;
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    connection.send(head + chunk.repeat(8));
    expect(lastAnswerIn(await connection.receivedWith('HTTP/1.1 413 ')).status).toBe(413);
    connection.send(`${chunk}0\r\n\r\nGET /v1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    expect(lastAnswerIn(await connection.receivedToEnd()).status).toBe(404);
  });

  it('says 500 to a fault of its own, without a word of it', async () => {
    send = () => Promise.reject(new Error('a secret of ours'));
    const answer = await post('track', order);
    expect([answer.status, JSON.stringify(answer.body).includes('secret')]).toEqual([500, false]);
  });
});

describe('whatever is accepted', () => {
  const text = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('c1', 'ü', '', '\u0000', 'x'.repeat(257)));
  const time = fc.constantFrom('2010-12-01T08:26:00Z', '2010-12-01T08:26+01:00', 'now', null);
  const properties = fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
  const message = fc.record(
    {
      type: fc.constantFrom('track', 'identify', 'page', 'screen', 'group', 'alias'),
      event: text,
      userId: fc.oneof(text, fc.integer()),
      anonymousId: text,
      messageId: fc.oneof(text, fc.nat()),
      groupId: text,
      previousId: text,
      timestamp: time,
      originalTimestamp: time,
      sentAt: time,
      properties,
      traits: properties,
    },
    { requiredKeys: ['type', 'userId'] },
  );
  const event = fc.record(
    {
      specversion: fc.constant('1.0'),
      id: text,
      source: fc.constant('/x'),
      type: fc.constantFrom('com.shop.paid', TOPIC.activity, 'perennial.clock.v1', 'x'),
      subject: fc.oneof(text, fc.integer()),
      time,
      data: fc.oneof(message, fc.jsonValue({ maxDepth: 2 })),
      extension: fc.oneof(text, fc.boolean(), fc.nat()),
    },
    { requiredKeys: ['specversion', 'id', 'source', 'type'] },
  );

  it('the engine takes as an activity with the id that was answered', async () => {
    const tally = { accepted: 0, refused: 0 };
    const sent = fc.oneof(
      message.map((body) => ({
        path: 'batch',
        body: { batch: [body], sentAt: '2011-03-01T12:00:00Z' },
        type: 'application/json',
      })),
      event.map((body) => ({ path: 'events', body, type: 'application/cloudevents+json' })),
    );
    const property = fc.asyncProperty(sent, async ({ path, body, type }) => {
      let answer: Answer | undefined;
      const records = await added(async () => {
        answer = await post(path, body, { 'content-type': type });
      });
      const taken = answer?.status === 200 || answer?.status === 202;
      const ids = taken ? answer?.body.ids : [];
      tally[ids?.length === 1 ? 'accepted' : 'refused'] += 1;
      expect([path === 'events' ? 202 : 200, 400]).toContain(answer?.status);
      expect(records.map((record) => activityOf(record).id)).toEqual(ids);
    });
    await fc.assert(property, { numRuns: 300 });
    expect(Math.min(tally.accepted, tally.refused)).toBeGreaterThan(30);
  });
});
