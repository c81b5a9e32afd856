/** The bounds of the HTTP server, and its answers to what is no request. */
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { refuse, type Refusal } from '../outcome';
import { lastAnswerIn, RawConnection } from '../testing/raw-connection';
import { answer } from './answer';
import { answerBroken } from './answer-errors';
import { BoundedHttpAdapter, HTTP_TIMEOUTS, type HttpLimits } from './server';

const limits: HttpLimits = { headersTimeoutMs: 60, requestTimeoutMs: 120, checkEveryMs: 10, connections: 5 };
const counted: Refusal[] = [];
let dropped = 0;
let server: Server;
let url: string;
const open: RawConnection[] = [];

beforeAll(async () => {
  const intake = { refuse: (refusal: Refusal) => (counted.push(refusal), refusal) };
  const adapter = new BoundedHttpAdapter(limits, answerBroken(intake), () => (dropped += 1));
  adapter.initHttpServer();
  // Answers `/early` before the body, and all else after it.
  adapter.use((request: IncomingMessage, response: ServerResponse) => {
    const said = refuse('unknown-endpoint', 'answered');
    if (request.url === '/early') answer(response, said);
    else
      void (async () => {
        await text(request);
        answer(response, said);
      })().catch(() => undefined);
  });
  server = adapter.getHttpServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  counted.length = 0;
  for (const connection of open.splice(0)) connection.close();
});
afterAll(() => new Promise((closed) => server.close(closed)));

function connection(text = ''): RawConnection {
  const made = new RawConnection(url);
  open.push(made);
  made.send(text);
  return made;
}

const HEAD = 'POST / HTTP/1.1\r\nhost: x\r\n';

it.each([
  ['a body that does not come', `${HEAD}content-length: 5\r\n\r\nab`, 408, 'incomplete', 0],
  ['headers that do not come', HEAD, 408, 'incomplete', 1],
  ['headers that are too large', `${HEAD}x: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'large-headers', 1],
  ['what is not HTTP', 'hello\r\n\r\n', 400, 'invalid', 1],
  ['a chunk that is none', `${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n`, 400, 'invalid', 0],
  ['a request without Host', 'POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n', 400, 'invalid', 1],
  ['two lengths', `${HEAD}content-length: 5\r\ncontent-length: 6\r\n\r\n`, 400, 'invalid', 1],
])('%s is answered in the one shape, and its connection closed', async (_, sent, status, reason, count) => {
  const received = lastAnswerIn(await connection(sent).receivedToEnd());
  expect(received).toEqual({
    status,
    body: { success: false, reason, message: expect.any(String) as string, problems: [] },
  });
  expect(counted).toHaveLength(count);
});

it.each([
  ['its body', `${HEAD}content-length: 5\r\n\r\nab`, 0],
  ['its body in chunks', `${HEAD}transfer-encoding: chunked\r\n\r\n5\r\nab`, 0],
  ['its headers', HEAD, 1],
])('a request that ends within %s is incomplete: to be sent again', async (_, sent, count) => {
  const broken = connection(sent);
  broken.end();
  expect(lastAnswerIn(await broken.receivedToEnd())).toMatchObject({ status: 408, body: { reason: 'incomplete' } });
  expect(counted).toHaveLength(count);
});

it('an answer that is out is not followed by a second one', async () => {
  const received = await connection(`POST /early HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nab`).receivedToEnd();
  expect([received.split('HTTP/1.1').length - 1, counted]).toEqual([1, []]);
});

it('an expectation that is not known is passed over', async () => {
  const received = await connection(`${HEAD}expect: more\r\ncontent-length: 0\r\n\r\n`).receivedWith('}');
  expect(lastAnswerIn(received).status).toBe(404);
});

it('a connection beyond the limit is closed at once, and counted', async () => {
  const first = Array.from({ length: limits.connections }, () => connection(`${HEAD}content-length: 0\r\n\r\n`));
  for (const each of first) await each.receivedWith('}');
  expect(await connection(HEAD).receivedToEnd()).toBe('');
  expect(dropped).toBe(1);
});

it('gives a request 30 s, the interval of the look at it included', () => {
  const { headersTimeoutMs, requestTimeoutMs, checkEveryMs } = HTTP_TIMEOUTS;
  expect([headersTimeoutMs + checkEveryMs, requestTimeoutMs + checkEveryMs]).toEqual([10_000, 30_000]);
});
