import {
  activityRecord,
  formatInstant,
  type Json,
  type JsonObject,
  type SegmentMessage,
  type TenantId,
} from '@perennial/contracts';
import { without } from '../json-object';
import type { Prepared, Sent } from '../request';
import { contentId } from './content-id';
import { correctSkew } from './skew';

/** Makes an activity of a message that its schema has seen; `sentAt` is the batch's, for messages without one. */
export function prepareMessage(
  given: JsonObject,
  { tenant, receivedAt }: Pick<Sent, 'tenant' | 'receivedAt'>,
  field: string,
  sentAt?: Json,
): Prepared {
  // A write key does not belong into the log.
  const message = 'writeKey' in given ? without(given, 'writeKey') : given;
  const id = idOf(tenant, message);
  const corrected = correctSkew(message, sentAt, receivedAt);
  const times =
    corrected === null ? {} : { timestamp: formatInstant(corrected.at), originalTimestamp: corrected.original };
  const complete = { ...message, messageId: id, ...times };
  return { id, record: activityRecord(tenant, complete as unknown as SegmentMessage), field };
}

function idOf(tenant: TenantId, message: JsonObject): string {
  const given = message.messageId;
  if (typeof given === 'number') return String(given);
  return typeof given === 'string' && given !== '' ? given : contentId(tenant, message);
}
