import { type Instant, type Json, type JsonObject, type Millis, parseInstant } from '@perennial/contracts';

/**
 * A clock that differs from ours by no more than this is left alone: most of the difference is the way to us, which
 * differs from request to request and would change the order of a customer's activities.
 */
const TOLERANCE_MS: Millis = 60_000;

const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** A time as the sender stated it, and as its clock should have. */
export interface Corrected {
  readonly original: string;
  readonly at: Instant;
}

/**
 * Segment's rule for clocks that are wrong: timestamp = receivedAt - (sentAt - originalTimestamp). Null when there is
 * nothing to correct: no time or no sentAt, a clock that is right, or both times given (then somebody did it before).
 */
export function correctSkew(message: JsonObject, batchSentAt: Json | undefined, receivedAt: Instant): Corrected | null {
  if ((message.timestamp ?? null) !== null && (message.originalTimestamp ?? null) !== null) return null;
  const sentAt = instantOf(message.sentAt ?? batchSentAt);
  const original = message.timestamp ?? message.originalTimestamp ?? message.sentAt;
  const stated = instantOf(original);
  if (sentAt === null || stated === null || typeof original !== 'string') return null;
  const at = receivedAt - (sentAt - stated);
  const isRight = Math.abs(receivedAt - sentAt) <= TOLERANCE_MS;
  return isRight || at < FIRST || at > LAST ? null : { original, at };
}

function instantOf(value: Json | undefined): Instant | null {
  return typeof value === 'string' ? parseInstant(value) : null;
}
