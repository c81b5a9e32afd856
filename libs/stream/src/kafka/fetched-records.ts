import type { Headers, LogRecord } from '@perennial/contracts';

/** The answer of a broker to a fetch, as kafkajs reads it. */
export interface FetchResponse {
  readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[];
}
export interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: string;
  readonly lastStableOffset: string;
  readonly abortedTransactions: readonly { readonly producerId: string; readonly firstOffset: string }[];
  readonly messages: readonly FetchedMessage[];
}
export interface FetchedMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | null | (Buffer | null)[]>>;
  readonly isControlRecord: boolean;
  readonly batchContext: {
    readonly firstOffset: string;
    readonly lastOffsetDelta: number;
    readonly producerId: string;
    readonly inTransaction: boolean;
  };
}

/** What a fetch at an offset brought of one partition. */
export interface Readable {
  /** Without control records and records of aborted transactions. */
  readonly records: readonly LogRecord[];
  /** Offset of the first record in the log at or after the offset asked for, whether readable or not. */
  readonly found: number;
  /** Where to go on: after the last batch, also where its last records were compacted away. */
  readonly next: number;
}

const ABORT_MARKER = Buffer.from([0, 0, 0, 0]);
const NO_HEADERS: Headers = {};

/** Null when nothing was there. */
export function readable(fetched: FetchedPartition, at: number): Readable | null {
  const last = fetched.messages.at(-1)?.batchContext;
  if (last === undefined) return null;
  const next = Math.max(at, Number(last.firstOffset) + last.lastOffsetDelta + 1);
  const first = fetched.messages.find((message) => Number(message.offset) >= at);
  return {
    records: committed(fetched)
      .filter((message) => Number(message.offset) >= at)
      .map(toLogRecord),
    found: first === undefined ? next : Number(first.offset),
    next,
  };
}

/** A transaction is aborted from its first offset on until the marker of its producer. */
function committed({ messages, abortedTransactions }: FetchedPartition): readonly FetchedMessage[] {
  const aborted = [...abortedTransactions].sort((a, b) => Number(a.firstOffset) - Number(b.firstOffset));
  const aborting = new Set<string>();
  return messages.filter((message) => {
    const { producerId, inTransaction } = message.batchContext;
    while (aborted[0] !== undefined && Number(aborted[0].firstOffset) <= Number(message.offset)) {
      aborting.add(aborted[0].producerId);
      aborted.shift();
    }
    if (!message.isControlRecord) return !(inTransaction && aborting.has(producerId));
    if (message.key !== null && ABORT_MARKER.equals(message.key)) aborting.delete(producerId);
    return false;
  });
}

function toLogRecord(message: FetchedMessage): LogRecord {
  return {
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers: toHeaders(message.headers),
  };
}

/** Of a header that is there several times the last one counts, as in Java's `lastHeader`. */
function toHeaders(headers: FetchedMessage['headers']): Headers {
  const names = Object.keys(headers);
  if (names.length === 0) return NO_HEADERS;
  return Object.fromEntries(
    names.map((name) => {
      const value = headers[name];
      return [name, (Array.isArray(value) ? value.at(-1) : value)?.toString() ?? ''];
    }),
  );
}
