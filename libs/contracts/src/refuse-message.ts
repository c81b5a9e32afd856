/** What is said to a value that is no Segment message: what it looks like, and what to do about that. */
import { ACTIVITY_TYPES } from './activity';
import { type Json, type JsonObject } from '@perennial/values';
import { poison, shown, type Poison } from './dead-letter';

export function refuseValue(value: Json | undefined): Poison {
  return poison('invalid-shape', `The message is ${shown(value)}; ${remedyOfValue(value)}.`);
}

function remedyOfValue(value: Json | undefined): string {
  if (Array.isArray(value)) return 'send one record for each message';
  if (typeof value === 'string' && /^\s*[{[]/.test(value)) {
    return 'it is JSON within text, written twice: send the JSON object itself';
  }
  return 'send a Segment message, which is a JSON object';
}

export function refuseType(message: JsonObject): Poison {
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
