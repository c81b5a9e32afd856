import {
  activitySchema,
  cloudEventSchema,
  customerId,
  customerKey,
  headersOf,
  type Json,
  type JsonObject,
  type OutHeaders,
  TOPIC,
} from '@perennial/contracts';
import { isObject, without } from '../json-object';
import type { Refusal } from '../outcome';
import { invalid, invalidField } from '../problems';
import type { Prepared, Sent } from '../request';
import { prepareMessage } from '../segment/prepare-message';

/** Types with this prefix are Perennial's own; of those, only activities may come from outside. */
const OWN = 'perennial.';

type To = Pick<Sent, 'tenant' | 'receivedAt'>;
/** Where the event stands in the body. */
type Place = readonly string[];
type Event = JsonObject & { readonly id: string; readonly type: string };

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

/** A Segment message in an envelope: goes on without it, with what only the envelope says. */
function prepareOwn({ id, time, subject, data }: Event, to: To, place: Place): Prepared | Refusal {
  if (!isObject(data)) return invalidField(path(place, 'data'), 'expected a Segment message, which is a JSON object');
  const message: JsonObject = {
    ...data,
    ...(isAbsent(data.messageId) ? { messageId: id } : {}),
    ...(statesTime(data) || time === undefined ? {} : { timestamp: time }),
    ...(isAbsent(data.userId) && isAbsent(data.anonymousId) && subject !== undefined ? { userId: subject } : {}),
  };
  const checked = activitySchema.safeParse(message);
  return checked.success ? prepareMessage(message, to, place.join('.')) : invalid(checked.error, [...place, 'data']);
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
  if (customer === null) return invalidField(path(place, 'subject'), 'expected the customer');
  const headers = attributeHeaders(event);
  if (typeof headers === 'string') {
    return invalidField(
      path(place, headers),
      'is no attribute: expected a name of 1 to 20 small letters and digits, and text, a number, true or false',
    );
  }
  const value = Buffer.from(JSON.stringify(data ?? null));
  return {
    id,
    record: { topic: TOPIC.activity, key: customerKey(tenant, customer), value, headers },
    field: place.join('.'),
  };
}

/** The attributes as headers; or the name of one that cannot be. */
function attributeHeaders(event: Event): OutHeaders | string {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(without(event, 'data', 'data_base64', 'datacontenttype'))) {
    if (value === null) continue;
    if (!/^[a-z0-9]{1,20}$/.test(name) || typeof value === 'object') return name;
    headers[`ce_${name}`] = String(value);
  }
  return headersOf(headers);
}

function path(place: Place, name: string): string {
  return [...place, name].join('.');
}
