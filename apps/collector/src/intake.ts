/** The way of one request: who sends it → is there room → what does it say → the log. */
import type { Instant, Json, TenantId } from '@perennial/contracts';
import type { IncomingHttpHeaders } from 'node:http';
import { announced, type Announced, readBody } from './http/read-body';
import { readJson } from './http/read-json';
import { writeKeyOf } from './http/write-key-of';
import type { InFlight } from './in-flight';
import { refuse, type Outcome, type Refusal } from './outcome';
import type { Publish } from './publish';
import type { Read } from './request';
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
  async take(request: Incoming, read: Read): Promise<Outcome> {
    let outcome: Outcome;
    try {
      outcome = await this.admit(request, read);
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
  private async admit(request: Incoming, read: Read): Promise<Outcome> {
    const key = writeKeyOf(request.headers);
    if (key !== null && this.parts.keys.tenantOf(key) === null) return unknownKey;
    const body = announced(request.headers);
    if (body.kind === 'refused') return body;
    const leave = this.parts.inFlight.enter(body.bytes);
    if (leave === null) return busy;
    try {
      return await this.process(request, body, key, read);
    } finally {
      leave();
    }
  }

  private async process(request: Incoming, body: Announced, key: string | null, read: Read): Promise<Outcome> {
    const bytes = await readBody(request.body(), body);
    if ('reason' in bytes) return bytes;
    this.parts.read(bytes.length);
    const json = bytes.length === 0 ? undefined : readJson(bytes);
    if (json?.kind === 'refused') return json;
    const tenant = this.tenantOf(key, json?.json);
    if (typeof tenant !== 'string') return tenant;
    const { headers } = request;
    const activities = read({ tenant, headers, json: json?.json, receivedAt: this.parts.now() });
    return 'reason' in activities ? activities : this.parts.publish(activities);
  }

  /** Segment's browser library puts the key into the body. */
  private tenantOf(key: string | null, json: Json | undefined): TenantId | Refusal {
    const inBody = typeof json === 'object' && json !== null && 'writeKey' in json ? json.writeKey : null;
    const given = key ?? inBody;
    return (typeof given === 'string' ? this.parts.keys.tenantOf(given) : null) ?? unknownKey;
  }
}

const unknownKey = refuse(
  'unknown-key',
  'The write key is missing or not known: send it as user name of Basic authentication, as Bearer token, or as writeKey in the body.',
);
const busy = refuse(
  'busy',
  'More requests are in work than there is room for: send the request again, a little later.',
);
