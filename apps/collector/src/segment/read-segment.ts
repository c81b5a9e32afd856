import {
  ACTIVITY_TYPES,
  activitySchema,
  type ActivityType,
  batchSchema,
  type Json,
  type JsonObject,
} from '@perennial/contracts';
import { isObject } from '../json-object';
import { invalid, invalidField } from '../problems';
import type { Read } from '../request';
import { prepareMessage } from './prepare-message';

export function isActivityType(name: string): name is ActivityType {
  return ACTIVITY_TYPES.some((type) => type === name);
}

/** `POST /v1/TYPE`: one message, whose type the path says. */
export function readMessage(type: ActivityType): Read {
  return (sent) => {
    if (!isObject(sent.json)) return invalidField('', 'expected a JSON object: a Segment message');
    const message = { ...sent.json, type: sent.json.type ?? type };
    if (message.type !== type) return invalidField('type', `expected "${type}", as the path says`);
    const checked = activitySchema.safeParse(message);
    return checked.success ? [prepareMessage(message, sent, '')] : invalid(checked.error);
  };
}

/** `POST /v1/batch`: all of its messages, or none. */
export const readBatch: Read = (sent) => {
  const checked = batchSchema.safeParse(sent.json);
  if (!checked.success) return invalid(checked.error);
  // The schema has seen it.
  const { batch, sentAt } = sent.json as JsonObject & { readonly batch: readonly JsonObject[]; readonly sentAt?: Json };
  return batch.map((message, index) =>
    prepareMessage(message, sent, `batch.${index}`, sentAt === undefined ? {} : { sentAt }),
  );
};
