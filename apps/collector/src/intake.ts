/** The way of one request: who sends it → is there room → what does it say → the log. */
import type { Instant, Json } from '@perennial/contracts';
import type { IncomingHttpHeaders } from 'node:http';
import { announced, type Announced, readBody } from './http/read-body';
import { readJson } from './http/read-json';
import { writeKeyOf } from './http/write-key-of';
import type { InFlight } from './in-flight';
import { isObject } from './json-object';
import { refuse, type Outcome, type Refusal } from './outcome';
import { holdsKey } from './holds-key';
import { invalidField } from './problems';
import type { Publish } from './publish';
import type { Endpoint } from './request';
import type { WriteKeys } from './write-keys';

/** A request whose body has not been read. */
export interface Incoming {
  readonly headers: IncomingHttpHeaders;
  /** The body as it comes. One that is not read to its end is left as it is, so that an answer can still go out. */
  readonly body: () => AsyncIterable<Buffer>;
}

export interface IntakeParts {
  readonly keys: WriteKeys;
  readonly inFlight: InFlight;
  readonly publish: Publish;
  readonly now: () => Instant;
  /** What became of a request, for metrics and the log. */
  readonly told: (outcome: Outcome) => void;
  readonly read: (bytes: number) => void;
  /** A fault of ours. */
  readonly fault: (error: unknown) => void;
}

/** Takes requests: each is accepted as a whole, once the log has it, or refused. */
export class Intake {
  constructor(private readonly parts: IntakeParts) {}

  /** Never rejects. */
  async take(request: Incoming, endpoint: Endpoint): Promise<Outcome> {
    let outcome: Outcome;
    try {
      outcome = await this.admit(request, endpoint);
    } catch (error) {
      this.parts.fault(error);
      outcome = refuse(
        'failed',
        'The collector failed at this request; its log says why. Sending it again does no harm.',
      );
    }
    this.parts.told(outcome);
    return outcome;
  }

  /** A request that asks for what there is not. */
  refuse(refusal: Refusal): Refusal {
    this.parts.told(refusal);
    return refusal;
  }

  /** What can be refused before the body is read is. */
  private async admit(request: Incoming, endpoint: Endpoint): Promise<Outcome> {
    const key = writeKeyOf(request.headers);
    if (key === null ? endpoint.keyIn === 'headers' : this.parts.keys.tenantOf(key) === null) return unknownKey;
    const body = announced(request.headers);
    if (body.kind === 'refused') return body;
    const leave = this.parts.inFlight.enter(body.bytes);
    if (leave === null) return busy;
    try {
      return await this.process(request, body, key, endpoint);
    } finally {
      leave();
    }
  }

  private async process(request: Incoming, body: Announced, said: string | null, endpoint: Endpoint): Promise<Outcome> {
    const bytes = await readBody(request.body(), body);
    if ('reason' in bytes) return bytes;
    this.parts.read(bytes.length);
    const json = bytes.length === 0 ? undefined : readJson(bytes);
    if (json?.kind === 'refused') return json;
    const key = said ?? writeKeyIn(json?.json);
    const tenant = key === null ? null : this.parts.keys.tenantOf(key);
    if (key === null || tenant === null) return unknownKey;
    const { headers } = request;
    const activities = endpoint.read({ tenant, headers, json: json?.json, receivedAt: this.parts.now() });
    if ('reason' in activities) return activities;
    const open = activities.find(({ record }) => holdsKey(record, key));
    return open === undefined ? this.parts.publish(activities) : invalidField(open.field, KEY_IN_ACTIVITY);
  }
}

/** Segment's browser library puts the key at the top of the body. */
function writeKeyIn(json: Json | undefined): string | null {
  return isObject(json) && typeof json.writeKey === 'string' ? json.writeKey : null;
}

const KEY_IN_ACTIVITY =
  'holds the write key of the request, which would stand in the log: leave it out, and send it as user name of Basic authentication';
const unknownKey = refuse(
  'unknown-key',
  'The write key is missing or not known: send it as user name of Basic authentication, as Bearer token, or to a Segment endpoint as writeKey in the body.',
);
const busy = refuse(
  'busy',
  'More requests are in work than there is room for: send the request again, a little later.',
);
