import { type OutRecord, TOPIC } from '@perennial/contracts';
import { customerId, customerKey, formatInstant, type Instant, type TenantId, tenantId } from '@perennial/values';
import type { Random } from './random';

export const TENANT = tenant('bench');
/** Size of a record's value; the rest of the properties is filler up to it. */
const VALUE_BYTES = 250;
const FILLER =
  'the quick brown fox jumps over the lazy dog while seven wizards quietly mix jade boxes of liquor, again and again';

export interface Doing {
  /** The customer's name without tenant. */
  readonly customer: string;
  /** A UUID. */
  readonly id: string;
  readonly event: string;
  readonly at: Instant;
  /** Of an order. */
  readonly cents: number;
}

const SHARES = [
  ['page_viewed', 0.55],
  ['product_added', 0.7],
  ['email_opened', 0.8],
] as const;

/** What happens, in the peer loader's shares: one activity in five is an order. */
export function anyEvent(random: Random): string {
  const dice = random.fraction();
  return SHARES.find(([, upTo]) => dice < upTo)?.[0] ?? ORDER;
}
export const ORDER = 'order_completed';

/** A record that both engines read: the peer's fields (id, event, timestamp, properties.value) beside Segment's. */
export function activityOf({ customer, id, event, at, cents }: Doing): OutRecord {
  const value = event === ORDER ? `"value":${(cents / 100).toFixed(2)},` : '';
  const head =
    `{"id":"${id}","messageId":"${id}","type":"track","event":"${event}","userId":"${customer}"` +
    `,"timestamp":"${formatInstant(at)}","properties":{${value}"note":"`;
  const note = FILLER.slice(0, Math.max(0, VALUE_BYTES - head.length - 3));
  return {
    topic: TOPIC.activity,
    key: keyOf(customer),
    value: Buffer.from(`${head}${note}"}}`),
    headers: [],
  };
}

export function keyOf(customer: string): string {
  const id = customerId(customer);
  if (id === null) throw new RangeError(`no customer: ${customer}`);
  return customerKey(TENANT, id);
}

function tenant(text: string): TenantId {
  const id = tenantId(text);
  if (id === null) throw new RangeError(`no tenant: ${text}`);
  return id;
}
