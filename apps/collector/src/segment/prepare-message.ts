/** Makes an activity of a Segment message: its id, and its times on our clock. */
import { createHash } from 'node:crypto';
import { activityRecord, headersOf, type OutHeaders, type SegmentMessage, TOPIC } from '@perennial/contracts';
import {
  formatInstant,
  type Instant,
  type Json,
  type JsonObject,
  type Millis,
  parseInstant,
  type TenantId,
} from '@perennial/values';
import type { Prepared, Sent } from '../request';

/** What says more of a message than the message does. */
export interface Around {
  /** Of the batch, for messages without one. */
  readonly sentAt?: Json;
  /** Messages of the past, which say when they were first sent: their times are left as they are. */
  readonly isPast?: boolean;
  /** The CloudEvent around a message without messageId: source and id are its identity, and go on with it. */
  readonly event?: { readonly id: string; readonly source: string };
}

/** Makes an activity of a message that its schema has seen. */
export function prepareMessage(
  given: JsonObject,
  { tenant, receivedAt }: Pick<Sent, 'tenant' | 'receivedAt'>,
  field: string,
  { sentAt, isPast = false, event }: Around = {},
): Prepared {
  // A write key does not belong into the log.
  const message = 'writeKey' in given ? without(given, 'writeKey') : given;
  const id = event?.id ?? idOf(tenant, message);
  const skew = isPast ? ({ kind: 'none' } as const) : skewOf(message, sentAt, receivedAt);
  const times =
    skew.kind === 'corrected' ? { timestamp: formatInstant(skew.at), originalTimestamp: skew.original } : {};
  const complete = { ...message, ...(event === undefined ? { messageId: id } : {}), ...times };
  const record = activityRecord(tenant, complete as unknown as SegmentMessage);
  const headers = event === undefined ? record.headers : envelopeOf(event);
  return { id, record: { ...record, headers }, field, clock: skew.kind };
}

function envelopeOf({ id, source }: { readonly id: string; readonly source: string }): OutHeaders {
  return headersOf({ ce_specversion: '1.0', ce_id: id, ce_source: source, ce_type: TOPIC.activity });
}

function idOf(tenant: TenantId, message: JsonObject): string {
  const given = message.messageId;
  if (typeof given === 'number') return String(given);
  return typeof given === 'string' && given !== '' ? given : contentId(tenant, message);
}

/**
 * The id of a message that has none: a hash of the tenant and all the message says, so that a request that is sent
 * again gives the same. When it was sent is no part of it: clients state that anew.
 */
export function contentId(tenant: TenantId, message: JsonObject): string {
  const said = canonical(without(message, 'sentAt'));
  return `sha256-${createHash('sha256').update(`${tenant}\n${said}`).digest('base64url')}`;
}

/** JSON without white space, fields in the order of their names. */
export function canonical(json: Json): string {
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  if (Array.isArray(json)) return `[${(json as readonly Json[]).map(canonical).join(',')}]`;
  const fields = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${canonical(value)}`).join(',')}}`;
}

/**
 * A clock that differs from ours by no more than this is left alone: most of the difference is the way to us, which
 * differs from request to request and would change the order of a customer's activities.
 */
const TOLERANCE_MS: Millis = 60_000;

/** A message that says it waited longer than this before it was sent, on a clock that is wrong, is not believed about that clock. */
const LONGEST_WAIT_MS: Millis = 366 * 86_400_000;

/** What the times of a message say of its sender's clock. */
type Skew =
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

/** A copy without these fields. */
export function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
