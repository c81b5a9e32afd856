import type { Poison } from './dead-letter';
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
} as const;

const OWN: ReadonlySet<string> = new Set(Object.values(DEAD_LETTER_HEADER));
const ORIGINAL = 'original-';

/**
 * The record for the dead-letter topic: key and value byte for byte as received, headers as received and, beside them,
 * why and from where. A header as received whose name is taken keeps its value under `original-<name>`.
 */
export function deadLetterRecord(record: LogRecord, position: Position, { cause, detail }: Poison): OutRecord {
  return {
    topic: TOPIC.deadLetter,
    key: record.key,
    value: record.value,
    headers: {
      ...originalHeaders(record.headers),
      [DEAD_LETTER_HEADER.cause]: cause,
      [DEAD_LETTER_HEADER.detail]: detail,
      [DEAD_LETTER_HEADER.topic]: position.topic,
      [DEAD_LETTER_HEADER.partition]: String(position.partition),
      [DEAD_LETTER_HEADER.offset]: String(position.offset),
      [DEAD_LETTER_HEADER.timestamp]: String(record.timestamp),
    },
  };
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
