import type { Poison } from './dead-letter';
import { MAX_ACTIVITY_BYTES, MAX_RECORD_BYTES } from './limits';
import type { Headers, LogRecord, OutRecord, Position } from './log-record';
import { TOPIC } from './topics';

/** Headers that a dead letter has beside those of the record it was. */
export const DEAD_LETTER_HEADER = {
  cause: 'perennial-cause',
  detail: 'perennial-detail',
  topic: 'perennial-topic',
  partition: 'perennial-partition',
  offset: 'perennial-offset',
  /** The broker's append time of the record, in milliseconds. */
  timestamp: 'perennial-timestamp',
  /** Only where the record did not fit: how large it was. What is missing is in the activity topic, at the offset. */
  cut: 'perennial-cut',
} as const;

const OWN: ReadonlySet<string> = new Set(Object.values(DEAD_LETTER_HEADER));
const ORIGINAL = 'original-';

/** What is kept of a key that does not fit: enough to see whose it was. */
const CUT_KEY_BYTES = 1024;
/** What a header costs beside its name and value, at most. */
const HEADER_FRAMING_BYTES = 10;
const utf8 = new TextEncoder();

/**
 * The record for the dead-letter topic: key and value byte for byte as received, headers as received and, beside them,
 * why and from where. A header as received whose name is taken keeps its value under `original-<name>`.
 * A record that is larger unpacked than the topic takes is cut, so that no record can stop a partition.
 */
export function deadLetterRecord(received: LogRecord, position: Position, { cause, detail }: Poison): OutRecord {
  const record = fitting(received);
  return {
    topic: TOPIC.deadLetter,
    key: record.key,
    value: record.value,
    headers: {
      ...originalHeaders(record.headers),
      ...(record === received ? {} : { [DEAD_LETTER_HEADER.cut]: describeSize(received) }),
      [DEAD_LETTER_HEADER.cause]: cause,
      [DEAD_LETTER_HEADER.detail]: detail,
      [DEAD_LETTER_HEADER.topic]: position.topic,
      [DEAD_LETTER_HEADER.partition]: String(position.partition),
      [DEAD_LETTER_HEADER.offset]: String(position.offset),
      [DEAD_LETTER_HEADER.timestamp]: String(record.timestamp),
    },
  };
}

function fitting(record: LogRecord): LogRecord {
  const { key, value, headers } = record;
  if ((key?.length ?? 0) + (value?.length ?? 0) + headerBytes(headers) <= MAX_RECORD_BYTES) return record;
  return {
    ...record,
    key: key?.subarray(0, CUT_KEY_BYTES) ?? null,
    value: value?.subarray(0, MAX_ACTIVITY_BYTES) ?? null,
    headers: {},
  };
}

function headerBytes(headers: Headers): number {
  let bytes = 0;
  for (const name in headers) bytes += utf8.encode(name + (headers[name] ?? '')).length + HEADER_FRAMING_BYTES;
  return bytes;
}

function describeSize({ key, value, headers }: LogRecord): string {
  const count = Object.keys(headers).length;
  return `value ${value?.length ?? 0} bytes, key ${key?.length ?? 0} bytes, ${count} headers`;
}

function originalHeaders(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [isTaken(name) ? ORIGINAL + name : name, value]),
  );
}

/** The headers of a record before {@link deadLetterRecord}. */
export function asReceived(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !OWN.has(name))
      .map(([name, value]) => [isTaken(name) ? name.slice(ORIGINAL.length) : name, value]),
  );
}

/** Also a name that looks like one kept already, so that each finds its way back. */
function isTaken(name: string): boolean {
  return OWN.has(name.replace(/^(original-)+/, ''));
}
