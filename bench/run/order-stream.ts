/** One driver for every engine: orders at a constant rate, and how long each takes to come back as a move. */
import type { LogProducer } from '@perennial/stream';
import type { Arrival } from './move-reader';
import { OpenLoop } from '../load/open-loop';
import { Orders } from '../load/orders';
import { percentile } from '../report/figure';
import { until } from './until';

export interface Latencies {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
}

/** Of `performance.now()`; the end is not part of it. */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

export class OrderStream {
  private readonly orders = new Orders();
  private readonly loop: OpenLoop;
  private readonly receivedAt: Float64Array;
  private received = 0;
  private repeated = 0;

  constructor(producer: LogProducer, rate: number, seconds: number) {
    const total = rate * seconds;
    this.loop = new OpenLoop(producer, rate, total, (index) => this.orders.order(index, Date.now()));
    this.receivedAt = new Float64Array(total);
  }

  run(signal?: AbortSignal): Promise<void> {
    return this.loop.run(signal);
  }

  /** A move; false when no order of this stream caused it. */
  take({ move, receivedAt }: Arrival): boolean {
    const index = move.activity === null ? null : this.orders.indexOf(move.activity);
    if (index === null) return false;
    if (!Orders.moves(index)) return true;
    if (this.receivedAt[index] !== 0) this.repeated += 1;
    else this.received += 1;
    this.receivedAt[index] = receivedAt;
    return true;
  }

  /** When the order that caused a move was sent; null when it is none of this stream. Of `performance.now()`, as all times here. */
  sentAt({ move }: Arrival): number | null {
    const index = move.activity === null ? null : this.orders.indexOf(move.activity);
    return index === null ? null : (this.loop.sentAt[index] ?? null);
  }

  /** Resolves when every order that was sent and moves its customer has come back. */
  complete(): Promise<void> {
    const expected = this.loop.sentAt.reduce(
      (sum, sentAt, index) => sum + (sentAt > 0 && Orders.moves(index) ? 1 : 0),
      0,
    );
    const holds = (): boolean => this.received >= expected;
    return until(`the moves of ${expected} orders`, holds, () => this.received);
  }

  /** Moves that came again: right only where an engine was killed. */
  get repeats(): number {
    return this.repeated;
  }

  /** What is wrong with the answers of an engine that was left in peace. */
  get wrong(): string[] {
    return this.repeated === 0 ? [] : [`${this.repeated} moves came twice`];
  }

  /** From so many seconds after the first order on. */
  after(warmUpSeconds: number): Span {
    return { begin: this.loop.dueAt(0) + warmUpSeconds * 1000, end: Number.POSITIVE_INFINITY };
  }

  /** In milliseconds, of the orders due within a span: from the moment they were sent, or were to be sent. */
  latencies(from: 'send' | 'schedule', { begin, end }: Span): Latencies {
    const found: number[] = [];
    for (let index = 0; index < this.loop.total; index++) {
      const at = this.receivedAt[index] ?? 0;
      const dueAt = this.loop.dueAt(index);
      if (at > 0 && dueAt >= begin && dueAt < end)
        found.push(at - (from === 'send' ? (this.loop.sentAt[index] ?? 0) : dueAt));
    }
    const sorted = Float64Array.from(found).sort();
    const at = (share: number): number => percentile(sorted, share);
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) };
  }
}
