import { activityRecord, headersOf, type OutHeaders, type SegmentMessage, TOPIC } from '@perennial/contracts';
import { formatInstant, type Json, type JsonObject, type TenantId } from '@perennial/values';
import { without } from '../json-object';
import type { Prepared, Sent } from '../request';
import { contentId } from './content-id';
import { skewOf } from './skew';

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
