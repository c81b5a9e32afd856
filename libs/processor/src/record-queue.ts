/**
 * Records of one partition that wait to be handled, as they were delivered: a record is read when it is taken.
 *
 * 1. Deliveries follow each other without a gap: one that begins after the end of the last is refused, since what lies between
 *    would be lost. One that begins before it (a log may deliver again) counts from there on.
 * 2. What is taken says how far the partition is: behind the last record taken, and once a delivery is used up, at its end. Ends
 *    move also where there are no records (docs/adr/0022).
 * 3. Bounded, in records and in bytes: the flow is paused at either high water and resumed when both are at half. Bytes of a delivery
 *    count until its last record is taken, since its records share them.
 */
import { type LogBatch, type LogRecord, type LogRecords } from '@perennial/contracts';
import { InvariantViolation } from '@perennial/values';
import type { FlowControl } from './ports';

/** Records of one delivery, from `next` on. */
interface Delivery {
  readonly records: LogRecords;
  next: number;
  readonly bytes: number;
  readonly nextOffset: number;
}

/** What may wait before the flow is paused; the delivery that reaches it is kept. */
export interface HighWater {
  readonly records: number;
  readonly bytes: number;
}

/** Records in the order of the log; with them taken, everything before `nextOffset` is. */
export interface Taken {
  readonly records: readonly LogRecord[];
  readonly nextOffset: number;
}

/** The queue of one claim: the consumer offers, the worker takes. */
export class RecordQueue {
  private deliveries: Delivery[] = [];
  private waiting = 0;
  private bytes = 0;
  /** End of the last delivery. */
  private delivered: number;
  private paused = false;
  private closed = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly partition: number,
    /** What was taken so far ends here. */
    private taken: number,
    private readonly highWater: HighWater,
    private readonly flow: FlowControl,
  ) {
    this.delivered = taken;
  }

  get length(): number {
    return this.waiting;
  }

  /** Throws `InvariantViolation` for a batch that does not join on (invariant 1). */
  offer({ records, bytes, fromOffset, nextOffset }: LogBatch): void {
    if (this.closed || nextOffset <= this.delivered) return;
    if (fromOffset > this.delivered) throw notJoined(this.partition, this.delivered, fromOffset);
    const next = this.firstNew(records);
    this.deliveries.push({ records, next, bytes, nextOffset });
    this.waiting += records.length - next;
    this.bytes += bytes;
    this.delivered = nextOffset;
    if (!this.paused && (this.waiting >= this.highWater.records || this.bytes >= this.highWater.bytes)) {
      this.paused = true;
      this.flow.pause(this.partition);
    }
    this.wake();
  }

  /** Resolves when there is something to take, be it an end without records; false once the queue is closed. */
  async ready(): Promise<boolean> {
    while (this.deliveries.length === 0 && !this.closed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return !this.closed;
  }

  /** The next records, at most `limit`. */
  take(limit: number): Taken {
    const records: LogRecord[] = [];
    for (let [delivery] = this.deliveries; delivery !== undefined; [delivery] = this.deliveries) {
      if (delivery.next >= delivery.records.length) {
        this.taken = delivery.nextOffset;
        this.bytes -= delivery.bytes;
        this.deliveries.shift();
        continue;
      }
      if (records.length >= limit) break;
      const record = delivery.records.at(delivery.next++);
      if (record === undefined) continue;
      records.push(record);
      this.taken = record.offset + 1;
    }
    this.waiting -= records.length;
    if (this.paused && this.waiting <= this.highWater.records / 2 && this.bytes <= this.highWater.bytes / 2) {
      this.paused = false;
      this.flow.resume(this.partition);
    }
    return { records, nextOffset: this.taken };
  }

  /** Throws away what waits. The flow is left as it is: whoever comes next decides. */
  close(): void {
    this.closed = true;
    this.deliveries = [];
    this.waiting = 0;
    this.bytes = 0;
    this.paused = false;
    this.wake();
  }

  private firstNew(records: LogRecords): number {
    let index = 0;
    while (index < records.length && (records.at(index)?.offset ?? 0) < this.delivered) index += 1;
    return index;
  }
}

function notJoined(partition: number, expected: number, found: number): InvariantViolation {
  return new InvariantViolation(
    'ENGINE.LOG_NOT_JOINED',
    `partition ${partition} was given records from offset ${found} on where ${expected} was next: those between would be lost. ` +
      'Nothing was skipped; restart the engine, and report it if it happens again',
  );
}
