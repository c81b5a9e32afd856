import type { Activity, Json, JsonObject } from './activity';
import { poison, shown, type Poison } from './dead-letter';
import { type Headers, headerText } from './headers';
import type { CustomerId } from './ids';
import { isObject, isShallow, MAX_NESTING } from './json';
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
const NO_ATTRIBUTES: Attributes = { id: undefined, time: undefined, subject: undefined };

/** Tells the three envelopes apart: CloudEvents structured (by content type), CloudEvents binary (by `ce_type`), and none. */
export function openEnvelope(headers: Headers, json: Json): Envelope | Poison {
  if (headerText(headers, 'content-type')?.toLowerCase().startsWith(STRUCTURED) === true) return openStructured(json);
  const type = headerText(headers, 'ce_type');
  if (type === undefined) return { kind: 'envelope', type: TOPIC.activity, attributes: NO_ATTRIBUTES, data: json };
  const [id, time, subject] = [
    headerText(headers, 'ce_id'),
    headerText(headers, 'ce_time'),
    headerText(headers, 'ce_subject'),
  ];
  if (type === null || id === null || time === null || subject === null) return notText;
  return { kind: 'envelope', type, attributes: { id, time, subject }, data: json };
}

const notText = poison(
  'invalid-utf8',
  'One of the headers ce_type, ce_id, ce_time and ce_subject is not UTF-8; send CloudEvents attributes as UTF-8 text.',
);

function openStructured(json: Json): Envelope | Poison {
  if (!isObject(json)) return poison('invalid-shape', `The CloudEvent is ${shown(json)}; send a JSON object.`);
  const { specversion, id, source, type, subject, time, data } = json;
  if (specversion !== '1.0') {
    return poison('invalid-shape', `specversion is ${shown(specversion)}; send a CloudEvent of version "1.0".`);
  }
  if (!isName(id)) return refuseName('The CloudEvents id', id);
  if (!isName(type)) return refuseName('The CloudEvents type', type);
  if (typeof source !== 'string' || source === '') {
    return poison('invalid-shape', `The CloudEvents source is ${shown(source)}; send a URI that names the producer.`);
  }
  if ((json.data_base64 ?? null) !== null) {
    return poison('invalid-shape', 'The CloudEvent carries data_base64; send its data as JSON in "data".');
  }
  return { kind: 'envelope', type, attributes: { id, time, subject }, data };
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
  if (at === undefined) return refuseTime(attributes.time);
  if (data !== undefined && !isShallow(data, MAX_NESTING)) {
    return poison('invalid-shape', `The data nest deeper than ${MAX_NESTING} levels; send flatter data.`);
  }
  return { id, customer: customer as CustomerId, type: 'track', event: type, at, properties: asProperties(data) };
}

function asProperties(data: Json | undefined): JsonObject {
  if (isObject(data)) return data;
  return data === undefined || data === null ? {} : { value: data };
}
