import type { Instant } from '@perennial/values';
import {
  BATCH_FRAMING_BYTES,
  type Header,
  type Headers,
  headersOf,
  headerText,
  type LogRecord,
  MAX_ACTIVITY_BYTES,
  MAX_DEAD_LETTER_BYTES,
  NO_HEADERS,
  type OutRecord,
  type Position,
  recordBytes,
} from '../record';
import { TOPIC } from '../topics';
import { DEAD_LETTER_CAUSES, type DeadLetterCause, type Poison } from './poison';

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

const OWN: ReadonlySet<Header['name']> = new Set(Object.values(DEAD_LETTER_HEADER));
const ORIGINAL = 'original-';

/** What is kept of a key that does not fit: enough to see whose it was. */
const CUT_KEY_BYTES = 1024;

/**
 * The record for the dead-letter topic: key and value byte for byte as received, headers as received and, beside them,
 * why and from where. A header as received whose name is taken keeps its value under `original-<name>`.
 * What is larger with all of these than the topic takes (a compressed record may unpack to any size) is cut, so that no
 * record can stop a partition.
 */
export function deadLetterRecord(received: LogRecord, position: Position, poison: Poison): OutRecord {
  const whole = setAside(received, null, position, poison);
  const fits = recordBytes(whole) + BATCH_FRAMING_BYTES <= MAX_DEAD_LETTER_BYTES;
  return fits ? whole : setAside(cut(received), describeSize(received), position, poison);
}

/** `size`: of the record before it was cut; null: it is whole. */
function setAside(record: LogRecord, size: string | null, position: Position, { cause, detail }: Poison): OutRecord {
  return {
    topic: TOPIC.deadLetter,
    key: record.key,
    value: record.value,
    headers: [
      ...record.headers.map(renamed),
      ...headersOf({
        ...(size === null ? {} : { [DEAD_LETTER_HEADER.cut]: size }),
        [DEAD_LETTER_HEADER.cause]: cause,
        [DEAD_LETTER_HEADER.detail]: detail,
        [DEAD_LETTER_HEADER.topic]: position.topic,
        [DEAD_LETTER_HEADER.partition]: String(position.partition),
        [DEAD_LETTER_HEADER.offset]: String(position.offset),
        [DEAD_LETTER_HEADER.timestamp]: String(record.timestamp),
      }),
    ],
  };
}

function cut(record: LogRecord): LogRecord {
  const { key, value } = record;
  return {
    ...record,
    key: key?.subarray(0, CUT_KEY_BYTES) ?? null,
    value: value?.subarray(0, MAX_ACTIVITY_BYTES) ?? null,
    headers: NO_HEADERS,
  };
}

function describeSize({ key, value, headers }: LogRecord): string {
  return `value ${value?.length ?? 0} bytes, key ${key?.length ?? 0} bytes, ${headers.length} headers`;
}

const renamed = (header: Header): Header =>
  isTaken(header.name) ? { ...header, name: ORIGINAL + header.name } : header;

/** The headers of a record before {@link deadLetterRecord}. */
function asReceived(headers: Headers): Headers {
  return headers
    .filter(({ name }) => !OWN.has(name))
    .map((header) => (isTaken(header.name) ? { ...header, name: header.name.slice(ORIGINAL.length) } : header));
}

/** Also a name that looks like one kept already, so that each finds its way back. */
function isTaken(name: Header['name']): name is string {
  return typeof name === 'string' && OWN.has(name.replace(/^(original-)+/, ''));
}

/** A record of the dead-letter topic, taken apart. */
export interface DeadLetter {
  /** Where the record stood: the dead letter's identity. Several records with the same one are repeats. */
  readonly position: Position;
  readonly cause: DeadLetterCause;
  readonly detail: string;
  /** When the record was appended. */
  readonly appendedAt: Instant;
  /** When it was set aside. */
  readonly setAsideAt: Instant;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** As received. */
  readonly headers: Headers;
}

/** Null for a record that Perennial did not write. */
export function readDeadLetter({ headers, key, value, timestamp }: LogRecord): DeadLetter | null {
  const text = (name: keyof typeof DEAD_LETTER_HEADER): string => headerText(headers, DEAD_LETTER_HEADER[name]) ?? '';
  const cause = DEAD_LETTER_CAUSES.find((known) => known === text('cause'));
  const [partition, offset, appendedAt] = [count(text('partition')), count(text('offset')), count(text('timestamp'))];
  const topic = text('topic');
  if (cause === undefined || topic === '' || partition === null || offset === null || appendedAt === null) return null;
  return {
    position: { topic, partition, offset },
    cause,
    detail: text('detail'),
    appendedAt,
    setAsideAt: timestamp,
    key,
    value,
    headers: asReceived(headers),
  };
}

function count(text: string): number | null {
  return /^\d{1,16}$/.test(text) ? Number(text) : null;
}
