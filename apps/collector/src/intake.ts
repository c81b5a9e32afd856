/** The way of one request: who sends it → is there room → what does it say → the log. */
import { MAX_BODY_BYTES } from '@perennial/config';
import type { Instant, Json, TenantId } from '@perennial/values';
import type { IncomingHttpHeaders } from 'node:http';
import { announced, type Announced, busy, MAX_KEYLESS_BODY_BYTES, readBody, readJson, tooLarge } from './http/body';
import type { InFlight, Share } from './in-flight';
import { invalidField, type Outcome, refuse, type Refusal } from './outcome';
import type { Publish } from './publish';
import type { Endpoint, HeaderValues } from './request';
import { holdsKey, writeKeyIn, writeKeyOf, type WriteKeys } from './write-keys';

/** A request whose body has not been read. */
export interface Incoming {
  readonly headers: IncomingHttpHeaders;
  readonly headerValues: HeaderValues;
  /** The body as it comes. One that is not read to its end is left as it is, so that an answer can still go out. */
  readonly body: () => AsyncIterable<Buffer>;
}

/** What an intake works with, and who hears of it. */
export interface IntakeParts {
  readonly keys: WriteKeys;
  readonly inFlight: InFlight;
  /** Room for bodies whose write key is not known yet. */
  readonly keyless: InFlight;
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
    try {
      const outcome = await this.admit(request, endpoint);
      this.parts.told(outcome);
      return outcome;
    } catch (error) {
      return this.failed(error);
    }
  }

  /** A fault of ours. */
  failed(error: unknown): Refusal {
    this.parts.fault(error);
    return this.refuse(failed);
  }

  /** A request that is refused before it comes here. */
  refuse(refusal: Refusal): Refusal {
    this.parts.told(refusal);
    return refusal;
  }

  /** What can be refused before the body is read is. */
  private async admit(request: Incoming, endpoint: Endpoint): Promise<Outcome> {
    const key = writeKeyOf(request.headers);
    const sender = key === null ? null : this.senderOf(key);
    if (sender === null && (key !== null || endpoint.keyIn === 'headers')) return this.notFound(key);
    const body = announced(request.headers);
    if (body.kind === 'refused') return body;
    return sender === null ? this.readForKey(request, body, endpoint) : this.readFrom(request, body, sender, endpoint);
  }

  /** Room is taken as bytes arrive: what is only announced takes none from others. */
  private async readFrom(request: Incoming, body: Announced, sender: Sender, endpoint: Endpoint): Promise<Outcome> {
    const { inFlight } = this.parts;
    const share = inFlight.fits(body.length) ? inFlight.enter(body.least) : null;
    if (share === null) return busy;
    try {
      const bytes = await readBody(request.body(), body.packing, { most: MAX_BODY_BYTES, beyond: tooLarge, share });
      if ('reason' in bytes) return bytes;
      const json = this.parse(bytes);
      return json.kind === 'refused' ? json : await this.process(request, json.json, sender, endpoint);
    } finally {
      share.leave();
    }
  }

  /** Reads a body that may hold its write key: a small one only, and in room of its own. */
  private async readForKey(request: Incoming, body: Announced, endpoint: Endpoint): Promise<Outcome> {
    if (body.length > MAX_KEYLESS_BODY_BYTES) return keyTooDeep;
    const waiting = this.parts.keyless.enter(body.least);
    if (waiting === null) return busy;
    let share: Share | null = null;
    try {
      const bounds = { most: MAX_KEYLESS_BODY_BYTES, beyond: keyTooDeep, share: waiting };
      const bytes = await readBody(request.body(), body.packing, bounds);
      if ('reason' in bytes) return bytes;
      if (!bytes.includes('"writeKey"')) return unknownKey;
      const json = this.parse(bytes);
      if (json.kind === 'refused') return json;
      const key = writeKeyIn(json.json);
      const sender = this.senderOf(key);
      if (sender === null) return this.notFound(key);
      share = this.parts.inFlight.enter(waiting.bytes);
      if (share === null) return busy;
      waiting.leave();
      return await this.process(request, json.json, sender, endpoint);
    } finally {
      waiting.leave();
      share?.leave();
    }
  }

  private senderOf(key: string | null): Sender | null {
    const tenant = key === null ? null : this.parts.keys.tenantOf(key);
    return key === null || tenant === null ? null : { key, tenant };
  }

  /** A key that is not found may be good as long as not all keys have been read. */
  private notFound(key: string | null): Refusal {
    return key === null || key === '' || this.parts.keys.complete ? unknownKey : keysUnread;
  }

  private parse(bytes: Buffer): Parsed | Refusal {
    this.parts.read(bytes.length);
    return bytes.length === 0 ? { kind: 'body', json: undefined } : readJson(bytes);
  }

  private async process(
    { headers, headerValues }: Incoming,
    json: Json | undefined,
    { key, tenant }: Sender,
    endpoint: Endpoint,
  ): Promise<Outcome> {
    const activities = endpoint.read({ tenant, headers, headerValues, json, receivedAt: this.parts.now() });
    if ('reason' in activities) return activities;
    const open = activities.find(({ record }) => holdsKey(record, key));
    return open === undefined ? this.parts.publish(activities) : invalidField(open.field, KEY_IN_ACTIVITY);
  }
}

/** Who sends, by a write key that is known. */
interface Sender {
  readonly key: string;
  readonly tenant: TenantId;
}

interface Parsed {
  readonly kind: 'body';
  /** Undefined: an empty body. */
  readonly json: Json | undefined;
}

const KEY_IN_ACTIVITY =
  'holds the write key of the request, which would stand in the log: leave it out, and send it as user name of Basic authentication';
const unknownKey = refuse(
  'unknown-key',
  'The write key is missing, not known, or revoked: send one in force as user name of Basic authentication, as Bearer token, or to a Segment endpoint as writeKey in the body.',
);
const keysUnread = refuse(
  'unavailable',
  'The write key is not known yet: the collector has not been able to read all keys since it started. Send the request again.',
);
const keyTooDeep = refuse(
  'unknown-key',
  `The request has no write key in its headers, and a body is read for it up to ${MAX_KEYLESS_BODY_BYTES} bytes only (unpacked): send the key as user name of Basic authentication, or as Bearer token.`,
);
const failed = refuse(
  'failed',
  'The collector failed at this request; its log says why. Sending it again does no harm.',
);
