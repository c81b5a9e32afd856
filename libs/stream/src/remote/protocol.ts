/** What `serveLog` and `createRemoteLog` say to each other: calls over HTTP, JSON with bytes as base64. */
import { type LogBatch, type LogRecord, type OutRecord, valueBytes } from '@perennial/contracts';
import { errorText, InvalidInput, InvariantViolation, RetryableError } from '@perennial/values';
import { z } from 'zod';
import { fromPairs, toPairs } from '../records';

const whole = z.number().int().min(0);
/** See `HeaderPairs`. */
const headers = z.array(z.tuple([z.base64(), z.base64().nullable()]));
const stored = { key: z.base64().nullable(), value: z.base64().nullable(), headers };
const wireRecord = z.object({ topic: z.string(), partition: z.number().int().nullable(), ...stored });
const wireBatch = z.object({
  topic: z.string(),
  partition: whole,
  bytes: whole,
  fromOffset: whole,
  nextOffset: whole,
  highWatermark: whole,
  records: z.array(z.object({ offset: whole, timestamp: z.number(), ...stored })),
});
const topicSpec = z.object({
  name: z.string(),
  partitions: z.number().int().min(1),
  replication: z.number().int().min(1),
  config: z.record(z.string(), z.string()),
});

/** A request, and what it is answered with. */
export interface Call<Asked, Answered> {
  readonly path: string;
  readonly asked: z.ZodType<Asked>;
  readonly answered: z.ZodType<Answered>;
}
const call = <Asked, Answered>(
  path: string,
  asked: z.ZodType<Asked>,
  answered: z.ZodType<Answered>,
): Call<Asked, Answered> => ({ path, asked, answered });

export const CALLS = {
  /** The number makes a repeated request known: the same one of the same producer is answered, not done again. */
  append: call(
    '/append',
    z.object({ producer: z.uuid(), number: whole, records: z.array(wireRecord) }),
    z.array(z.object({ topic: z.string(), partition: whole, baseOffset: whole })),
  ),
  createTopics: call('/topics', z.array(topicSpec), z.array(z.string())),
  offsets: call('/offsets', z.string(), z.array(z.object({ partition: whole, low: whole, high: whole }))),
  stableOffsets: call('/stable-offsets', z.string(), z.array(z.tuple([whole, whole]))),
  clusterId: call('/cluster', z.null(), z.string()),
  /** Answered as soon as there are records at the positions, or with none after `waitMs`. */
  read: call(
    '/read',
    z.object({ topic: z.string(), positions: z.array(z.tuple([whole, whole])), waitMs: whole.max(60_000) }),
    z.array(wireBatch),
  ),
};

/** How an error crosses: the reaction it demands, its code, its message. */
const failureSchema = z.object({
  reaction: z.enum(['retry', 'input', 'stop']),
  code: z.string(),
  message: z.string(),
});
export type Failure = z.infer<typeof failureSchema>;

/** No request is longer. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Both sides cut what they send at about this much; one record may be longer. */
export const BODY_BYTES = 4 * 1024 * 1024;

export type WireRecord = z.infer<typeof wireRecord>;
export type WireBatch = z.infer<typeof wireBatch>;

export function toWire(record: OutRecord): WireRecord {
  const { topic, partition, key } = record;
  const keyText = typeof key === 'string' ? Buffer.from(key).toString('base64') : encode(key);
  return {
    topic,
    partition: partition ?? null,
    key: keyText,
    value: encode(valueBytes(record)),
    headers: toPairs(record.headers),
  };
}

export function fromWire({ topic, partition, key, value, headers: pairs }: WireRecord): OutRecord {
  const record = { topic, key: decode(key), value: decode(value), headers: fromPairs(pairs) };
  return partition === null ? record : { ...record, partition };
}

export function batchToWire(batch: LogBatch): WireBatch {
  const records = [...batch.records].map(({ offset, timestamp, key, value, headers: list }) => ({
    offset,
    timestamp,
    key: encode(key),
    value: encode(value),
    headers: toPairs(list),
  }));
  const { topic, partition, bytes, fromOffset, nextOffset, highWatermark } = batch;
  return { topic, partition, bytes, fromOffset, nextOffset, highWatermark, records };
}

export function batchFromWire(batch: WireBatch): LogBatch {
  const records = batch.records.map(
    (record): LogRecord => ({
      ...record,
      key: decode(record.key),
      value: decode(record.value),
      headers: fromPairs(record.headers),
    }),
  );
  return { ...batch, records };
}

function encode(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function decode(text: string | null): Uint8Array | null {
  return text === null ? null : Buffer.from(text, 'base64');
}

/** Who is asked. */
export interface Remote {
  readonly url: string;
  readonly token: string;
}

interface CallOptions {
  /** Without an answer for this long, in ms, the log counts as away. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Asks the process that serves the log. Throws what the log there threw, or `RetryableError` when nobody answers. */
export async function callRemote<Asked, Answered>(
  remote: Remote,
  call: Call<Asked, Answered>,
  asked: Asked,
  { timeoutMs, signal }: CallOptions,
): Promise<Answered> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const { ok, body } = await send(remote, call.path, JSON.stringify(asked), signals(timeout, signal));
  if (ok) return call.answered.parse(body);
  throw errorOf(body);
}

function signals(timeout: AbortSignal, signal: AbortSignal | undefined): AbortSignal {
  return signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
}

async function send(remote: Remote, path: string, body: string, signal: AbortSignal) {
  const headers = { authorization: `Bearer ${remote.token}`, 'content-type': 'application/json' };
  try {
    const response = await fetch(remote.url + path, { method: 'POST', headers, body, signal });
    return { ok: response.ok, body: await response.json() };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new RetryableError(
      'STREAM.LOG_AWAY',
      `no log answers at ${remote.url}: ${errorText(cause)}; does \`perennial up\` still run?`,
      { cause: error },
    );
  }
}

function errorOf(body: unknown): Error {
  const { reaction, code, message } = failureSchema.parse(body);
  switch (reaction) {
    case 'retry':
      return new RetryableError(code, message);
    case 'input':
      return new InvalidInput(code, message);
    case 'stop':
      return new InvariantViolation(code, message);
  }
}
