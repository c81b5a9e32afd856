/** receive: a record of the log → what it asks for, judged by the log alone (product.md §2 and §4.7). */
import {
  type Activity,
  type Clock,
  type ClockNumber,
  CLOCK_TYPE,
  type Command,
  decodeRecord,
  type LogRecord,
  parseClockNumber,
  parseCommandNumber,
  type Poison,
  type ReadKey,
  TOPIC,
} from '@perennial/contracts';
import { type CustomerKey, type Instant, type TenantId } from '@perennial/values';
import type { Signing } from './signing';
import { effectiveTime, tenantTime } from './tenants/tenant-time';
import type { TenantState } from './control-state';
import type { ClockPositions } from './used-numbers';

/** An activity of any customer; its partition may be another. */
export interface ReceivedActivity {
  readonly kind: 'activity';
  readonly tenant: TenantId;
  readonly key: CustomerKey;
  readonly activity: Activity;
}
/** A command that the installation signed. */
export interface ReceivedCommand {
  readonly kind: 'command';
  readonly command: Command;
  readonly number: number;
}
/** A clock record that fires what is due. */
export interface ReceivedClock {
  readonly kind: 'clock';
  readonly clock: Clock;
  readonly number: ClockNumber;
}
/** A clock record that is not later than those read before: it has no effect. */
export interface RepeatedClock {
  readonly kind: 'repeated-clock';
  readonly clock: Clock;
  readonly number: ClockNumber;
}
/** What a record asks for, but for clock records that fire. */
export type Received = ReceivedActivity | ReceivedCommand | RepeatedClock | Poison;

/**
 * Decodes, and refuses clock records and commands that the installation did not sign. Whether a command's number is new is not
 * looked at; it is used up when the command is obeyed.
 */
export function receive(
  record: LogRecord,
  key: ReadKey | Poison,
  partition: number,
  signing: Signing,
  clocks: ClockPositions,
): Received | ReceivedClock {
  const decoded = decodeRecord(record, key);
  if (decoded.kind !== 'clock' && decoded.kind !== 'command') return decoded;
  const { seal } = decoded;
  const type = decoded.kind === 'clock' ? CLOCK_TYPE : decoded.command.type;
  const signed = { topic: TOPIC.activity, type, partition, value: record.value ?? NOTHING };
  if (seal.number === null || !signing.verifies(seal, signed)) return unsigned;
  if (decoded.kind === 'clock') {
    const number = parseClockNumber(seal.number);
    if (number === null) return unsigned;
    const { clock } = decoded;
    return { kind: clocks.isNew(clock.scope, number) ? 'clock' : 'repeated-clock', clock, number };
  }
  const number = parseCommandNumber(seal.number);
  return number === null ? unsigned : { kind: 'command', command: decoded.command, number };
}

const NOTHING = new Uint8Array(0);

const unsigned: Poison = {
  kind: 'poison',
  cause: 'unsigned',
  detail:
    "the clock record or command is not signed with this installation's key, with a number, for this partition: send it through perennial",
};

/** When an activity took place, in its tenant's time. */
interface Timing {
  /** As the producer stated it; the append time where it stated none. */
  readonly statedAt: Instant;
  /** When it takes effect. */
  readonly at: Instant;
}

/** When an activity took place, in its tenant's time; a poison when that is more than a day ahead. */
export function timing(activity: Activity, appendedAt: Instant, tenant: Pick<TenantState, 'source'>): Timing | Poison {
  const appended = tenantTime(tenant.source, appendedAt);
  const statedAt = activity.at ?? appended;
  const at = effectiveTime(statedAt, appended);
  return at === null ? tooFarAhead : { statedAt, at };
}

const tooFarAhead: Poison = {
  kind: 'poison',
  cause: 'future-timestamp',
  detail:
    "the timestamp is more than 24 hours ahead of the tenant's time: correct the producer's clock and send it again; a tenant that lives on from an imported past (`--go-live offset`) is behind real time, so send no timestamp there",
};
