import type { Json } from '@perennial/values';
import type { IncomingHttpHeaders } from 'node:http';
import { refuse, type Refusal } from '../outcome';
import { invalidField } from '../problems';
import type { Prepared, Read, Sent } from '../request';
import { fromBinary } from './binary-event';
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
