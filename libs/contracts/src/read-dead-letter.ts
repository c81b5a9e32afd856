import { DEAD_LETTER_CAUSES, type DeadLetterCause } from './dead-letter';
import { asReceived, DEAD_LETTER_HEADER } from './dead-letter-record';
import { type Headers, headerText } from './headers';
import type { Instant } from '@perennial/values';
import type { LogRecord, Position } from './log-record';

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
