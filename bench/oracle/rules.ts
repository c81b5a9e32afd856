/**
 * The peer's rules (its README, "Rules"; the numbers below are theirs), written down once more as plainly as possible and
 * sharing nothing with either engine, so that a fast wrong answer is found.
 */
import type { Instant } from '@perennial/values';
import type { Move } from './move';

const REMEMBERED = 16;
const DORMANT_AFTER = 30 * 86_400_000;
const HABIT = 3;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

interface Customer {
  readonly partition: number;
  stage: string;
  moves: number;
  orders: number;
  last: Instant;
  /** Accepted ids in order of arrival. */
  readonly recent: string[];
}

interface Event {
  readonly id: string;
  readonly isOrder: boolean;
  readonly at: Instant;
}

export class Rules {
  private readonly customers = new Map<string, Customer>();
  private readonly watermarks = new Map<number, Instant>();

  constructor(private readonly onMove: (move: Move) => void) {}

  /** One record of the input, in the order of its partition. */
  take(partition: number, key: string | null, value: string): void {
    const event = readEvent(value);
    if (event === null || key === null) return; // rule 1
    const watermark = Math.max(this.watermarks.get(partition) ?? 0, event.at); // rule 2
    this.watermarks.set(partition, watermark);
    const known = this.customers.get(key);
    if (known?.recent.includes(event.id) === true) return; // rule 3
    if (known !== undefined) this.timer(key, known, watermark); // rule 4
    const customer = known ?? { partition, stage: 'onboarding', moves: 0, orders: 0, last: event.at, recent: [] };
    this.customers.set(key, customer);
    fold(customer, event); // rule 5
    const next = nextStage(customer, event.isOrder); // rule 6
    if (next !== null) this.move(key, customer, next, 'event', event.id, event.at);
  }

  /** The input has ended: what is due at the watermark of its partition fires. */
  finish(): void {
    for (const [key, customer] of this.customers) {
      this.timer(key, customer, this.watermarks.get(customer.partition) ?? 0);
    }
  }

  private timer(key: string, customer: Customer, watermark: Instant): void {
    if (customer.stage !== 'activation' && customer.stage !== 'in-life') return;
    const due = customer.last + DORMANT_AFTER;
    if (due <= watermark) this.move(key, customer, 'dormancy', 'timer', customer.recent.at(-1) ?? null, due);
  }

  private move(
    key: string,
    customer: Customer,
    to: string,
    cause: Move['cause'],
    activity: string | null,
    at: Instant,
  ): void {
    const from = customer.stage;
    customer.stage = to;
    customer.moves += 1;
    this.onMove({ customer: key, sequence: customer.moves, from, to, cause, activity, at });
  }
}

function readEvent(value: string): Event | null {
  const { id, event, timestamp } = JSON.parse(value) as Record<string, unknown>;
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  if (typeof id !== 'string' || !UUID.test(id) || typeof event !== 'string' || !(at >= 0)) return null;
  return { id: id.toLowerCase(), isOrder: event === 'order_completed', at };
}

function fold(customer: Customer, { id, isOrder, at }: Event): void {
  if (isOrder) customer.orders += 1;
  customer.last = Math.max(customer.last, at);
  customer.recent.push(id);
  if (customer.recent.length > REMEMBERED) customer.recent.shift();
}

function nextStage({ stage, orders }: Customer, isOrder: boolean): string | null {
  if (stage === 'dormancy') return 'retention';
  if (!isOrder) return null;
  if (stage === 'onboarding') return 'activation';
  if (stage === 'activation') return orders >= HABIT ? 'in-life' : null;
  return stage === 'retention' ? 'in-life' : null;
}
