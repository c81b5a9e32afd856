import type { OutRecord } from '@perennial/contracts';
import type { Instant, Json, TenantId } from '@perennial/values';
import type { IncomingHttpHeaders } from 'node:http';
import type { Refusal } from './outcome';

/** Whether a sender's clock had to be corrected; `contradictory`: its times cannot be of one clock. */
export type SenderClock = 'none' | 'corrected' | 'contradictory';

/** An activity that is ready for the log. */
export interface Prepared {
  readonly id: string;
  readonly record: OutRecord;
  /** Where it stands in the body. */
  readonly field: string;
  /** What its times said of its sender's clock. */
  readonly clock: SenderClock;
}

/** Every value of each header, by its name in lower case, with a character for each byte. */
export type HeaderValues = NodeJS.Dict<string[]>;

/** What an endpoint makes activities of. */
export interface Sent {
  readonly tenant: TenantId;
  readonly headers: IncomingHttpHeaders;
  readonly headerValues: HeaderValues;
  /** Undefined: an empty body. */
  readonly json: Json | undefined;
  readonly receivedAt: Instant;
}

/** How an endpoint reads a body: everything in it, or a refusal. */
export type Read = (sent: Sent) => readonly Prepared[] | Refusal;

/** What a path under `/v1` takes. */
export interface Endpoint {
  readonly read: Read;
  /** Where its protocol lets the write key stand: Segment's libraries may put it into the body, CloudEvents have no place for it. */
  readonly keyIn: 'headers' | 'headers or body';
  /** Status of the answer to what was taken, as the protocol has it. */
  readonly success: 200 | 202;
}
