import { activitySchema, type ActivityType, batchSchema } from '@perennial/contracts';
import { isObject, type Json, type JsonObject } from '@perennial/values';
import { invalid, invalidField, type Refusal } from '../outcome';
import type { Read, Sent } from '../request';
import { prepareMessage } from './prepare-message';

/** `POST /v1/TYPE`: one message, whose type the path says. */
export function readMessage(type: ActivityType): Read {
  return (sent) => {
    const given = sent.json === undefined ? undefined : withObjects(sent.json);
    if (!isObject(given)) return invalidField('', 'expected a JSON object: a Segment message');
    const message = { ...given, type: given.type ?? type };
    const checked = activitySchema.safeParse(message);
    if (checked.success && checked.data.type === type) return [prepareMessage(message, sent, '')];
    return (
      elsewhere(given) ??
      (checked.success ? invalidField('type', `expected "${type}", as the path says`) : invalid(checked.error))
    );
  };
}

/** What another endpoint takes; null for all else. */
function elsewhere(body: JsonObject): Refusal | null {
  if ('specversion' in body) return invalidField('specversion', 'is that of a CloudEvent: POST it to /v1/events');
  return Array.isArray(body.batch) ? invalidField('batch', 'is a list of messages: POST it to /v1/batch') : null;
}

/** `POST /v1/batch`: all of its messages, or none. */
export const readBatch: Read = (sent) => readMessages(sent, false);

/** `POST /v1/import`: a batch of the past. */
export const readImport: Read = (sent) => readMessages(sent, true);

function readMessages(sent: Sent, isPast: boolean): ReturnType<Read> {
  const given = withMessages(sent.json);
  const checked = batchSchema.safeParse(given);
  if (!checked.success) return invalid(checked.error);
  // The schema has seen it.
  const { batch, sentAt } = given as JsonObject & { readonly batch: readonly JsonObject[]; readonly sentAt?: Json };
  const around = { isPast, ...(sentAt === undefined ? {} : { sentAt }) };
  return batch.map((message, index) => prepareMessage(message, sent, `batch.${index}`, around));
}

function withMessages(body: Json | undefined): Json | undefined {
  if (!isObject(body) || !Array.isArray(body.batch)) return body;
  return { ...body, batch: (body.batch as readonly Json[]).map(withObjects) };
}

/** Fields of a message that hold an object. */
const OBJECTS = ['properties', 'traits', 'context', 'integrations'] as const;

/** PHP writes an object without fields as `[]`: where a message has to hold an object, an empty list is one. */
export function withObjects(message: Json): Json {
  if (!isObject(message) || !hasEmptyLists(message)) return message;
  const mended: Record<string, Json> = { ...message };
  for (const name of OBJECTS) if (isEmptyList(message[name])) mended[name] = {};
  if (isEmptyList(traitsIn(message))) mended['context'] = { ...contextOf(message), traits: {} };
  return mended;
}

function hasEmptyLists(message: JsonObject): boolean {
  for (const name of OBJECTS) if (isEmptyList(message[name])) return true;
  return isEmptyList(traitsIn(message));
}

function contextOf({ context }: JsonObject): JsonObject | undefined {
  return isObject(context) ? context : undefined;
}

function traitsIn(message: JsonObject): Json | undefined {
  return contextOf(message)?.traits;
}

function isEmptyList(value: Json | undefined): boolean {
  return Array.isArray(value) && value.length === 0;
}
