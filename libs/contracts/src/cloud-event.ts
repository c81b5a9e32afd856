import type { Activity } from './activity';
import { type Json, type JsonObject, type CustomerId, isObject, isShallow } from '@perennial/values';
import { poison, shown, type Poison } from './dead-letter';
import { hasHeader, headerText, headerTexts, type Headers } from './headers';
import { attributeFlaw, type AttributeFlaw } from './event-attributes';
import { MAX_NESTING } from './read-json';
import { isName, readId, readTime, refuseId, refuseName, refuseTime } from './readings';
import type { Attributes } from './segment';
import { TOPIC } from './topics';

/** A record's value with what its headers, or the envelope around it, say of it. */
export interface Envelope {
  readonly kind: 'envelope';
  readonly type: string;
  readonly attributes: Attributes;
  readonly data: Json | undefined;
}

const STRUCTURED = 'application/cloudevents+json';
const NO_ATTRIBUTES: Attributes = { id: undefined, source: undefined, time: undefined, subject: undefined };

/** Tells the three envelopes apart: CloudEvents structured (by content type), CloudEvents binary (by `ce_type`), and none. */
export function openEnvelope(headers: Headers, json: Json): Envelope | Poison {
  if (headerText(headers, 'content-type')?.toLowerCase().startsWith(STRUCTURED) === true) return openStructured(json);
  if (!hasHeader(headers, TYPE))
    return { kind: 'envelope', type: TOPIC.activity, attributes: NO_ATTRIBUTES, data: json };
  const attributes = headerTexts(headers, PREFIX);
  return attributes === null ? notText : openBinary(attributes, json);
}

const PREFIX = 'ce_';
const TYPE = 'ce_type';

function openBinary(event: Readonly<Record<string, string>>, data: Json): Envelope | Poison {
  const flaw = attributeFlaw(event);
  if (flaw !== null) return refuseAttribute(PREFIX + flaw.name, flaw);
  const { specversion, id, source, type = TOPIC.activity, subject, time } = event;
  if ((specversion ?? '1.0') !== '1.0') return refuseVersion('ce_specversion', specversion);
  return { kind: 'envelope', type, attributes: { id, source, time, subject }, data };
}

function refuseAttribute(field: string, { message }: AttributeFlaw): Poison {
  return poison('invalid-shape', `${field} ${message}.`);
}

function refuseVersion(field: string, version: Json | undefined): Poison {
  return poison('invalid-shape', `${field} is ${shown(version)}; send a CloudEvent of version "1.0".`);
}

const notText = poison(
  'invalid-utf8',
  'A header that begins with ce_ is not UTF-8; send CloudEvents attributes as UTF-8 text.',
);

function openStructured(json: Json): Envelope | Poison {
  if (!isObject(json)) return poison('invalid-shape', `The CloudEvent is ${shown(json)}; send a JSON object.`);
  const { specversion, id, source, type, subject, time, data } = json;
  if (specversion !== '1.0') return refuseVersion('specversion', specversion);
  if (!isName(id)) return refuseName('The CloudEvents id', id);
  if (!isName(type)) return refuseName('The CloudEvents type', type);
  if (typeof source !== 'string' || source === '') {
    return poison('invalid-shape', `The CloudEvents source is ${shown(source)}; send a URI that names the producer.`);
  }
  if ((json.data_base64 ?? null) !== null) {
    return poison('invalid-shape', 'The CloudEvent carries data_base64; send its data as JSON in "data".');
  }
  const flaw = attributeFlaw(json);
  if (flaw !== null) return refuseAttribute(`The CloudEvents attribute ${flaw.name}`, flaw);
  return { kind: 'envelope', type, attributes: { id, source, time, subject }, data };
}

/** An event of another system: a `track` named by its type. */
export function readForeign({ type, attributes, data }: Envelope): Activity | Poison {
  if (!isName(type)) return refuseName('ce_type', type);
  const id = readId(attributes.id);
  if (id === undefined) return refuseId('The CloudEvents id', attributes.id);
  const customer = readId(attributes.subject);
  if (customer === undefined) return refuseId('The CloudEvents subject', attributes.subject);
  if (customer === null) {
    return poison('no-customer', 'The event names no customer; send the customer as the CloudEvents subject.');
  }
  const at = readTime(attributes.time);
  if (at === undefined) return refuseTime('The CloudEvents time', attributes.time);
  if (data !== undefined && !isShallow(data, MAX_NESTING)) {
    return poison('invalid-shape', `The data nest deeper than ${MAX_NESTING} levels; send flatter data.`);
  }
  const { source } = attributes;
  const properties = asProperties(data);
  const activity = { id, customer: customer as CustomerId, type: 'track' as const, event: type, at, properties };
  return typeof source === 'string' && source !== '' ? { ...activity, source } : activity;
}

function asProperties(data: Json | undefined): JsonObject {
  if (isObject(data)) return data;
  return data === undefined || data === null ? {} : { value: data };
}
