import type { IncomingHttpHeaders } from 'node:http';
import type { Json, JsonObject } from '@perennial/values';
import { invalidField, refuse, type Refusal } from '../outcome';
import type { HeaderValues, Prepared, Read, Sent } from '../request';
import { prepareEvent } from './prepare-event';

const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
/** Most events of one batch, as with Segment's. */
const MAX_BATCH = 1_000;

/** `POST /v1/events`: a CloudEvent in structured or binary mode, or a batch of them: all of it, or nothing. */
export const readEvents: Read = (sent) => {
  const { headers, json } = sent;
  const type = mediaType(headers);
  if (type === BATCH) return readAll(sent);
  if (type === STRUCTURED) return one(prepareEvent(json ?? null, sent, []));
  if (headers['ce-specversion'] === undefined) return notCloudEvents;
  if (json !== undefined && !isJson(type)) return notJson;
  const binary = fromBinary(sent.headerValues, json);
  return binary.kind === 'refused' ? binary : one(prepareEvent(binary.event, sent, []));
};

function readAll(sent: Sent): readonly Prepared[] | Refusal {
  if (!Array.isArray(sent.json)) return invalidField('', 'expected a JSON array of CloudEvents');
  const events = sent.json as readonly Json[];
  if (events.length < 1 || events.length > MAX_BATCH) return invalidField('', `expected 1 to ${MAX_BATCH} CloudEvents`);
  const prepared: Prepared[] = [];
  for (const [index, event] of events.entries()) {
    const next = prepareEvent(event, sent, [String(index)]);
    if ('reason' in next) return next;
    prepared.push(next);
  }
  return prepared;
}

function one(prepared: Prepared | Refusal): readonly Prepared[] | Refusal {
  return 'reason' in prepared ? prepared : [prepared];
}

function mediaType(headers: IncomingHttpHeaders): string {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json');
}

const notCloudEvents = refuse(
  'unsupported',
  `The body is no CloudEvent: send Content-Type ${STRUCTURED} or ${BATCH}, or the attributes as ce- headers.`,
);
const notJson = refuse('unsupported', 'The data are not JSON: send Content-Type application/json.');

const PREFIX = 'ce-';

interface BinaryEvent {
  readonly kind: 'event';
  readonly event: JsonObject;
}

/** An event in binary mode, attributes in `ce-` headers and data in the body, as one in structured mode. */
function fromBinary(headers: HeaderValues, data: Json | undefined): BinaryEvent | Refusal {
  const event: Record<string, Json> = {};
  for (const [header, values = []] of Object.entries(headers)) {
    if (!header.startsWith(PREFIX)) continue;
    const name = header.slice(PREFIX.length);
    const [value = '', second] = values;
    if (second !== undefined) return invalidField(name, 'is sent in two headers: send one');
    if (name === 'data' || name === 'data_base64') return invalidField(name, 'is no header: send the data as the body');
    const read = readHeader(value);
    if (read.kind === 'unreadable') return invalidField(name, read.message);
    event[name] = read.text;
  }
  return { kind: 'event', event: data === undefined ? event : { ...event, data } };
}

/** The value of a `ce-` header, read as the HTTP binding of CloudEvents 1.0.2 says (section 3.1.3.2, "HTTP Header Values"). */
type ReadHeader =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly message: string };

const NOT_ASCII = /[^\0-\x7f]/;
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/s;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A quoted string is taken out of its quotes, then percent sequences are decoded, once. Raw bytes beyond ASCII, which the
 * binding forbids, count as UTF-8. `value`: a character for each byte, as Node gives headers.
 */
function readHeader(value: string): ReadHeader {
  const text = NOT_ASCII.test(value) ? fromUtf8(value) : value;
  if (text === null) return unreadable('is not UTF-8: percent-encode the UTF-8 bytes of characters beyond ASCII');
  const bare = text.startsWith('"') ? unquoted(text) : text;
  if (bare === null) return unreadable('begins with a quote and does not end with one: percent-encode it as %22');
  const decoded = bare.includes('%') ? percentDecoded(bare) : bare;
  if (decoded === null) {
    return unreadable('holds a percent sign that begins no UTF-8 character: write a percent sign as %25');
  }
  return { kind: 'text', text: decoded };
}

function fromUtf8(value: string): string | null {
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return null;
  }
}

function unquoted(text: string): string | null {
  const inner = QUOTED.exec(text)?.[1];
  return inner === undefined ? null : inner.replace(/\\(.)/gs, '$1');
}

function percentDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function unreadable(message: string): ReadHeader {
  return { kind: 'unreadable', message };
}
