import { type CustomerId, isObject, isShallow, type Json, type JsonObject } from '@perennial/values';
import { poison, type Poison, shown } from '../dead-letter/poison';
import { type Activity, ACTIVITY_TYPES, type ActivityType } from './activity';
import { isName, readId, readTime, refuseId, refuseName, refuseTime, statedTime } from './field-readers';
import { MAX_NESTING } from './read-record';

/** What an envelope says in place of what the message in it lacks. */
export interface Attributes {
  readonly id: Json | undefined;
  readonly source: Json | undefined;
  readonly time: Json | undefined;
  readonly subject: Json | undefined;
}

const NONE: JsonObject = {};
const TYPES: ReadonlySet<Json | undefined> = new Set(ACTIVITY_TYPES);

/** Reads a Segment message by hand, since this is the hot path; `activitySchema` says the same, and a test compares the two. */
export function readSegment(message: Json | undefined, attributes: Attributes): Activity | Poison {
  if (!isObject(message)) return refuseValue(message);
  const { type, event } = message;
  if (!isActivityType(type)) return refuseType(message);
  const ids = readIds(message, attributes);
  if (ids.kind === 'poison') return ids;
  const { id, customer } = ids;
  const stated = message.timestamp ?? message.originalTimestamp ?? message.sentAt ?? attributes.time;
  const at = readTime(stated);
  if (at === undefined) return refuseTime(statedTime(message) ?? 'The CloudEvents time', stated);
  const properties = readProperties(type, message);
  if (properties === undefined) return refuseProperties(type);
  if (type === 'track' && !isName(event)) return refuseName('event', event);
  const name = type === 'track' && isName(event) ? event : null;
  const activity = { id, customer, type, event: name, at, properties };
  const source = readSource(message, attributes);
  const sourced = source === null ? activity : { ...activity, source };
  return isCorrected(message) ? { ...sourced, corrected: true } : sourced;
}

/** Whoever corrects a time for the skew of a clock leaves the original beside it. */
function isCorrected({ timestamp, originalTimestamp }: JsonObject): boolean {
  return (timestamp ?? null) !== null && (originalTimestamp ?? timestamp) !== timestamp;
}

/** The source counts with the id of the envelope only: a messageId names the message by itself. */
function readSource({ messageId }: JsonObject, { source }: Attributes): string | null {
  const isNamed = messageId !== undefined && messageId !== null && messageId !== '';
  return typeof source === 'string' && source !== '' && !isNamed ? source : null;
}

function isActivityType(type: Json | undefined): type is ActivityType {
  return TYPES.has(type);
}

interface Ids {
  readonly kind: 'ids';
  readonly id: string | null;
  readonly customer: CustomerId;
}

function readIds(message: JsonObject, attributes: Attributes): Ids | Poison {
  const messageId = readId(message.messageId);
  const userId = readId(message.userId);
  const anonymousId = readId(message.anonymousId);
  if (messageId === undefined) return refuseId('messageId', message.messageId);
  if (userId === undefined) return refuseId('userId', message.userId);
  if (anonymousId === undefined) return refuseId('anonymousId', message.anonymousId);
  const id = messageId ?? readId(attributes.id);
  if (id === undefined) return refuseId('The CloudEvents id', attributes.id);
  const customer = userId ?? anonymousId ?? readId(attributes.subject);
  if (customer === undefined) return refuseId('The CloudEvents subject', attributes.subject);
  if (customer === null) return poison('no-customer', 'The message names no customer; send userId or anonymousId.');
  return { kind: 'ids', id, customer: customer as CustomerId };
}

function readProperties(type: ActivityType, message: JsonObject): JsonObject | undefined {
  switch (type) {
    case 'track':
      return readObject(message.properties);
    case 'page':
    case 'screen':
      return withNames(readObject(message.properties), message);
    case 'identify':
      return readTraits(message);
    case 'group':
      return withId(readTraits(message), 'groupId', message.groupId);
    case 'alias':
      return withId(readObject(message.properties), 'previousId', message.previousId);
  }
}

function readObject(value: Json | undefined): JsonObject | undefined {
  if (value === undefined || value === null) return NONE;
  return isObject(value) && isShallow(value, MAX_NESTING) ? value : undefined;
}

/** Segment's libraries put the traits of an earlier identify into the context. */
function readTraits(message: JsonObject): JsonObject | undefined {
  const traits = readObject(message.traits);
  const context = message.context ?? NONE;
  const inherited = isObject(context) ? readObject(context.traits) : undefined;
  return inherited === undefined || (message.traits ?? null) !== null ? inherited && traits : inherited;
}

function withNames(properties: JsonObject | undefined, { name, category }: JsonObject): JsonObject | undefined {
  if (properties === undefined || (typeof name !== 'string' && typeof category !== 'string')) return properties;
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof category === 'string' ? { category } : {}),
    ...properties,
  };
}

function withId(properties: JsonObject | undefined, name: string, value: Json | undefined): JsonObject | undefined {
  const id = readId(value);
  return properties === undefined || id === undefined || id === null ? undefined : { ...properties, [name]: id };
}

function refuseProperties(type: ActivityType): Poison {
  const field = type === 'identify' || type === 'group' ? 'traits' : 'properties';
  const also = type === 'group' ? ' and a groupId' : type === 'alias' ? ' and a previousId' : '';
  return poison(
    'invalid-shape',
    `${type} needs ${field} that are an object of at most ${MAX_NESTING} levels${also}; send them so.`,
  );
}

// What is said to a value that is no Segment message: what it looks like, and what to do about that.

function refuseValue(value: Json | undefined): Poison {
  return poison('invalid-shape', `The message is ${shown(value)}; ${remedyOfValue(value)}.`);
}

function remedyOfValue(value: Json | undefined): string {
  if (Array.isArray(value)) return 'send one record for each message';
  if (typeof value === 'string' && /^\s*[{[]/.test(value)) {
    return 'it is JSON within text, written twice: send the JSON object itself';
  }
  return 'send a Segment message, which is a JSON object';
}

function refuseType(message: JsonObject): Poison {
  const remedy = remedyOfKind(message) ?? `send one of ${ACTIVITY_TYPES.join(', ')}`;
  return poison('unknown-type', `The type is ${shown(message.type)}; ${remedy}.`);
}

/** What a message is that is none of Segment's, with its remedy; null when that cannot be told. */
function remedyOfKind(message: JsonObject): string | null {
  if ('specversion' in message) {
    return 'this is a CloudEvent in structured mode: send the header content-type with application/cloudevents+json';
  }
  if ('schema' in message && 'payload' in message) {
    return "this is Kafka Connect's envelope: set value.converter.schemas.enable=false, so that the payload is sent alone";
  }
  return message.type === 'batch' || Array.isArray(message.batch) ? 'send batches to the collector' : null;
}
