/** receive: a record of the log → what it asks for, judged by the log alone (product.md §2 and §4.7). */
import {
  type Activity,
  type Clock,
  CLOCK_TYPE,
  type Command,
  type CustomerKey,
  type Decoded,
  decodeRecord,
  type Instant,
  type LogRecord,
  type Poison,
  type ReadKey,
  type TenantId,
} from '@perennial/contracts';
import type { Signing } from './signing';
import { effectiveTime, tenantTime } from './tenant-time';
import type { TenantState } from './ports';

export type Received =
  | { readonly kind: 'activity'; readonly tenant: TenantId; readonly key: CustomerKey; readonly activity: Activity }
  | { readonly kind: 'clock'; readonly clock: Clock }
  | { readonly kind: 'command'; readonly command: Command }
  | Poison;

/** Decodes, and refuses clock records and commands that the installation did not sign. */
export function receive(record: LogRecord, key: ReadKey | Poison, partition: number, signing: Signing): Received {
  const decoded = decodeRecord(record, key);
  if (decoded.kind !== 'clock' && decoded.kind !== 'command') return decoded;
  return isSigned(decoded, record, partition, signing) ? decoded : unsigned;
}

function isSigned(
  decoded: Decoded & { kind: 'clock' | 'command' },
  { value }: LogRecord,
  partition: number,
  signing: Signing,
): boolean {
  const type = decoded.kind === 'clock' ? CLOCK_TYPE : decoded.command.type;
  return value !== null && signing.verifies(decoded.signature, type, partition, value);
}

const unsigned: Poison = {
  kind: 'poison',
  cause: 'unsigned',
  detail:
    "the clock record or command is not signed with this installation's key for this partition: send it through perennial",
};

export interface Timing {
  /** As the producer stated it; the append time where it stated none. */
  readonly statedAt: Instant;
  /** When it takes effect. */
  readonly at: Instant;
}

/** When an activity took place, in its tenant's time; a poison when that is more than a day ahead. */
export function timing(activity: Activity, appendedAt: Instant, tenant: TenantState): Timing | Poison {
  const appended = tenantTime(tenant.source, appendedAt);
  const statedAt = activity.at ?? appended;
  const at = effectiveTime(statedAt, appended);
  return at === null ? tooFarAhead : { statedAt, at };
}

const tooFarAhead: Poison = {
  kind: 'poison',
  cause: 'future-timestamp',
  detail:
    "the timestamp is more than 24 hours ahead of the tenant's time: correct the producer's clock and send it again",
};
