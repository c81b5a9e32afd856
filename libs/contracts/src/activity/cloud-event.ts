import { type CustomerId, isObject, isShallow, type Json, type JsonObject } from '@perennial/values';
import { poison, type Poison, shown } from '../dead-letter/poison';
import { hasHeader, type Headers, headerText, headerTexts } from '../record';
import { TOPIC } from '../topics';
import type { Activity } from './activity';
import { isName, readId, readTime, refuseId, refuseName, refuseTime } from './field-readers';
import { MAX_NESTING } from './read-record';
import type { Attributes } from './segment';

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

// What an attribute of a CloudEvent may be: one set of rules for HTTP and Kafka, for structured and binary mode.

/** CloudEvents 1.0, "Naming conventions"; it advises up to 20 characters, and forbids no more. */
const NAME = /^[a-z0-9]+$/;
/** Of these, quotes around the whole are those of a converter that wrote text as JSON: nobody means them. */
const QUOTED = new Set(['specversion', 'id', 'source', 'type', 'subject', 'time']);
const DATA = new Set(['data', 'data_base64']);

/** What is wrong with one attribute. */
interface AttributeFlaw {
  readonly name: string;
  /** What, and the remedy; begins with a verb. */
  readonly message: string;
}

/** The first attribute that cannot be one; null when all can. Members that hold the data are passed over. */
export function attributeFlaw(event: JsonObject): AttributeFlaw | null {
  for (const name in event) {
    const value = event[name];
    const message = value === undefined || DATA.has(name) ? null : flawOf(name, value);
    if (message !== null) return { name, message };
  }
  return null;
}

function flawOf(name: string, value: Json): string | null {
  if (!NAME.test(name)) return 'is no attribute: expected a name of small letters and digits';
  if (typeof value === 'object' && value !== null) {
    return `is ${shown(value)}: expected text, a number, true or false`;
  }
  if (typeof value !== 'string') return null;
  // What a decoder puts in place of bytes that are none of UTF-8.
  if (value.includes('\ufffd')) return `is ${shown(value)}, which is not UTF-8: send it in UTF-8`;
  if (QUOTED.has(name) && isQuoted(value)) return `is ${shown(value)}, with quotes around it: send it without them`;
  return null;
}

function isQuoted(text: string): boolean {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"');
}
