import { activitySchema, cloudEventSchema, headersOf, type OutHeaders, TOPIC } from '@perennial/contracts';
import { customerId, customerKey, isObject, type Json, type JsonObject } from '@perennial/values';
import { invalid, invalidField, type Refusal } from '../outcome';
import type { Prepared, Sent } from '../request';
import { prepareMessage, without } from '../segment/prepare-message';
import { withObjects } from '../segment/read-segment';

/** Types with this prefix are Perennial's own; of those, only activities may come from outside. */
const OWN = 'perennial.';

type To = Pick<Sent, 'tenant' | 'receivedAt'>;
/** Where the event stands in the body. */
type Place = readonly string[];
type Event = JsonObject & { readonly id: string; readonly source: string; readonly type: string };

/** Makes an activity of a CloudEvent. */
export function prepareEvent(json: Json, to: To, place: Place): Prepared | Refusal {
  const checked = cloudEventSchema.safeParse(json);
  if (!checked.success) return invalid(checked.error, place);
  // The schema has seen it.
  const event = json as Event;
  if (event.type === TOPIC.activity) return prepareOwn(event, to, place);
  if (!event.type.startsWith(OWN)) return prepareForeign(event, to, place);
  return invalidField(path(place, 'type'), `expected ${TOPIC.activity}, or a type of your own`);
}

/** A Segment message in an envelope: says then what only the envelope said, and keeps of it what is its identity. */
function prepareOwn({ id, source, time, subject, data: given }: Event, to: To, place: Place): Prepared | Refusal {
  const data = given === undefined ? undefined : withObjects(given);
  if (!isObject(data)) return invalidField(path(place, 'data'), 'expected a Segment message, which is a JSON object');
  const message: JsonObject = {
    ...data,
    ...(statesTime(data) || time === undefined ? {} : { timestamp: time }),
    ...(isAbsent(data.userId) && isAbsent(data.anonymousId) && subject !== undefined ? { userId: subject } : {}),
  };
  const checked = activitySchema.safeParse(message);
  if (!checked.success) return invalid(checked.error, [...place, 'data']);
  return prepareMessage(message, to, place.join('.'), isAbsent(data.messageId) ? { event: { id, source } } : {});
}

function statesTime({ timestamp, originalTimestamp, sentAt }: JsonObject): boolean {
  return (timestamp ?? originalTimestamp ?? sentAt ?? null) !== null;
}

function isAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}

/** An event of another system, in binary mode under the key of its customer. */
function prepareForeign(event: Event, { tenant }: To, place: Place): Prepared | Refusal {
  const { id, subject, data } = event;
  const customer = typeof subject === 'string' || typeof subject === 'number' ? customerId(String(subject)) : null;
  if (customer === null)
    return invalidField(path(place, 'subject'), 'names no customer: send the customer as text or a whole number');
  const value = Buffer.from(JSON.stringify(data ?? null));
  return {
    id,
    record: { topic: TOPIC.activity, key: customerKey(tenant, customer), value, headers: attributeHeaders(event) },
    field: place.join('.'),
    clock: 'none',
  };
}

/** The attributes as headers; the schema has seen that they are. */
function attributeHeaders(event: Event): OutHeaders {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(without(event, 'data', 'data_base64', 'datacontenttype'))) {
    if (typeof value !== 'object') headers[`ce_${name}`] = String(value);
  }
  return headersOf(headers);
}

function path(place: Place, name: string): string {
  return [...place, name].join('.');
}
