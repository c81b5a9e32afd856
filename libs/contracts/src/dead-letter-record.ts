import type { Poison } from './dead-letter';
import { type Header, type Headers, headersOf, NO_HEADERS } from './headers';
import { MAX_ACTIVITY_BYTES, MAX_DEAD_LETTER_BYTES } from './limits';
import type { LogRecord, OutRecord, Position } from './log-record';
import { BATCH_FRAMING_BYTES, recordBytes } from './record-size';
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
export function asReceived(headers: Headers): Headers {
  return headers
    .filter(({ name }) => !OWN.has(name))
    .map((header) => (isTaken(header.name) ? { ...header, name: header.name.slice(ORIGINAL.length) } : header));
}

/** Also a name that looks like one kept already, so that each finds its way back. */
function isTaken(name: Header['name']): name is string {
  return typeof name === 'string' && OWN.has(name.replace(/^(original-)+/, ''));
}
