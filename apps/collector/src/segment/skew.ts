import { type Instant, type Json, type JsonObject, type Millis, parseInstant } from '@perennial/values';

/**
 * A clock that differs from ours by no more than this is left alone: most of the difference is the way to us, which
 * differs from request to request and would change the order of a customer's activities.
 */
const TOLERANCE_MS: Millis = 60_000;

/** A message that says it waited longer than this before it was sent, on a clock that is wrong, is not believed about that clock. */
const LONGEST_WAIT_MS: Millis = 366 * 86_400_000;

/** What the times of a message say of its sender's clock. */
export type Skew =
  /** Nothing to correct: no time or no sentAt, a clock that is right, or both times given (then somebody did it before). */
  | { readonly kind: 'none' }
  /** The time as the sender stated it, and as its clock should have. */
  | { readonly kind: 'corrected'; readonly original: string; readonly at: Instant }
  /** The times cannot be of one clock: the stated one is left as it is. */
  | { readonly kind: 'contradictory' };

const NONE: Skew = { kind: 'none' };
const CONTRADICTORY: Skew = { kind: 'contradictory' };

/**
 * Segment's rule for clocks that are wrong: timestamp = receivedAt - (sentAt - originalTimestamp). It holds where both
 * were read from one clock. They were not when the message was sent before what it tells of, or more than
 * {@link LONGEST_WAIT_MS} after it.
 */
export function skewOf(message: JsonObject, batchSentAt: Json | undefined, receivedAt: Instant): Skew {
  if ((message.timestamp ?? null) !== null && (message.originalTimestamp ?? null) !== null) return NONE;
  const sentAt = instantOf(message.sentAt ?? batchSentAt);
  const original = message.timestamp ?? message.originalTimestamp ?? message.sentAt;
  const stated = instantOf(original);
  if (sentAt === null || stated === null || typeof original !== 'string') return NONE;
  if (Math.abs(receivedAt - sentAt) <= TOLERANCE_MS) return NONE;
  const waited = sentAt - stated;
  if (waited < -TOLERANCE_MS || waited > LONGEST_WAIT_MS) return CONTRADICTORY;
  return { kind: 'corrected', original, at: receivedAt - Math.max(waited, 0) };
}

function instantOf(value: Json | undefined): Instant | null {
  return typeof value === 'string' ? parseInstant(value) : null;
}
