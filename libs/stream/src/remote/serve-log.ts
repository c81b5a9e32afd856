import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type OutRecord, recordBytes } from '@perennial/contracts';
import { errorText, InvalidInput, RetryableError } from '@perennial/values';
import { ZodError } from 'zod';
import type { Acknowledged, Log, LogProducer } from '../port';
import {
  batchToWire,
  BODY_BYTES,
  type Call,
  CALLS,
  type Failure,
  fromWire,
  MAX_BODY_BYTES,
  type WireBatch,
} from './protocol';

export interface ServeOptions {
  /** Who knows it may read and write everything. */
  readonly token: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface ServedLog {
  /** For `createRemoteLog`. */
  readonly url: string;
  close(): Promise<void>;
}

interface Route {
  readonly path: string;
  answer(body: unknown, gone: AbortSignal): Promise<unknown>;
}

const HOST = '127.0.0.1';

/** Lets other programs of this machine use a log that lives in this process. The log stays its owner's to close. */
export async function serveLog(log: Log, options: ServeOptions): Promise<ServedLog> {
  const producer = log.producer();
  const routes = routesOf(log, new AppendOnce(producer));
  const authorization = digest(`Bearer ${options.token}`);
  const server = createServer((request, response) => {
    void handle(routes, authorization, request, response);
  });
  await listen(server, options.port);
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await producer.close();
    },
  };
}

function routesOf(log: Log, once: AppendOnce): readonly Route[] {
  return [
    route(CALLS.append, async ({ producer, number, records }) => [
      ...(await once.append(producer, number, records.map(fromWire))),
    ]),
    route(CALLS.createTopics, async (specs) => [...(await log.admin().createTopics(specs))]),
    route(CALLS.offsets, async (topic) => [...(await log.admin().offsets(topic))]),
    route(CALLS.stableOffsets, async (topic) => [...(await log.admin().stableOffsets(topic))]),
    route(CALLS.clusterId, () => log.admin().clusterId()),
    route(CALLS.read, (request, gone) => readSome(log, request, gone)),
  ];
}

function route<Asked, Answered>(
  { path, asked }: Call<Asked, Answered>,
  answer: (asked: Asked, gone: AbortSignal) => Promise<Answered>,
): Route {
  return { path, answer: (body, gone) => answer(asked.parse(body), gone) };
}

type Appended = Promise<readonly Acknowledged[]>;

/** Remembered producers; the one that was silent for longest is forgotten first. */
const MAX_PRODUCERS = 1_000;

/** Does each numbered call of each producer once, however often it is asked for. */
class AppendOnce {
  private readonly last = new Map<string, { readonly number: number; readonly answer: Appended }>();

  constructor(private readonly producer: LogProducer) {}

  append(producer: string, number: number, records: readonly OutRecord[]): Appended {
    const last = this.last.get(producer);
    if (last?.number === number) return last.answer;
    if (number !== (last === undefined ? 0 : last.number + 1)) {
      return Promise.reject(
        new InvalidInput('STREAM.CALL_OUT_OF_ORDER', `call ${number} of this producer is not the next one`),
      );
    }
    const answer = this.producer.send(records);
    this.last.delete(producer);
    this.last.set(producer, { number, answer });
    for (const oldest of this.last.keys()) {
      if (this.last.size <= MAX_PRODUCERS) break;
      this.last.delete(oldest);
    }
    return answer;
  }
}

interface ReadRequest {
  readonly topic: string;
  readonly positions: readonly (readonly [number, number])[];
  readonly waitMs: number;
}

/** What is there at the positions, records or not, up to a few megabytes; waits when nothing is. */
async function readSome(log: Log, request: ReadRequest, gone: AbortSignal): Promise<WireBatch[]> {
  const batches: WireBatch[] = [];
  const enough = new AbortController();
  const end = () => {
    enough.abort();
  };
  const timer = setTimeout(end, request.waitMs);
  gone.addEventListener('abort', end);
  let bytes = 0;
  try {
    await log.reader().read({
      topic: request.topic,
      from: new Map(request.positions),
      signal: enough.signal,
      batch: (batch) => {
        batches.push(batchToWire(batch));
        for (const record of batch.records) bytes += recordBytes(record);
        if (bytes > BODY_BYTES) end();
        // The reader goes on without a break while there is something to read.
        else setImmediate(end);
      },
    });
  } finally {
    clearTimeout(timer);
    gone.removeEventListener('abort', end);
  }
  return batches;
}

async function handle(
  routes: readonly Route[],
  authorization: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => {
    gone.abort();
  });
  const found = routes.find(({ path }) => path === request.url);
  try {
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), authorization)) {
      reply(response, 401, said('input', 'STREAM.WRONG_TOKEN', 'the token is not the one of this log'));
    } else if (found === undefined || request.method !== 'POST') {
      reply(response, 404, said('input', 'STREAM.NO_SUCH_CALL', `${request.method ?? ''} ${request.url ?? ''}`));
    } else {
      reply(response, 200, await found.answer(await readBody(request), gone.signal));
    }
  } catch (error) {
    const [status, failure] = failureOf(error);
    reply(response, status, failure);
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Left open when it is too long, so that this can be said.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      throw new InvalidInput('STREAM.BODY_TOO_LARGE', `a request is at most ${MAX_BODY_BYTES} bytes long`);
    }
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function failureOf(error: unknown): [number, Failure] {
  if (error instanceof RetryableError) return [503, said('retry', error.code, error.message)];
  if (error instanceof InvalidInput) return [400, said('input', error.code, error.message)];
  if (error instanceof ZodError || error instanceof SyntaxError) {
    return [400, said('input', 'STREAM.MALFORMED', `the request is malformed: ${error.message}`)];
  }
  return [500, said('stop', 'STREAM.FAILED', errorText(error))];
}

function said(reaction: Failure['reaction'], code: string, message: string): Failure {
  return { reaction, code, message };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Of equal length whatever was sent, so that the comparison takes equally long. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
