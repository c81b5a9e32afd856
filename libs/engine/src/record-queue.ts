import type { LogRecord, LogRecords } from '@perennial/contracts';
import type { FlowControl } from './ports';

/** Records of one delivery, from `next` on. */
interface Delivery {
  readonly records: LogRecords;
  next: number;
}

/**
 * Records of one partition that wait for their turn, as they were delivered: a record is read when it is taken. Bounded: it
 * pauses the flow at the high water and resumes it at half.
 */
export class RecordQueue {
  private deliveries: Delivery[] = [];
  private waiting = 0;
  private paused = false;
  private closed = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly partition: number,
    private nextOffset: number,
    private readonly highWater: number,
    private readonly flow: FlowControl,
  ) {}

  get length(): number {
    return this.waiting;
  }

  /** Records already taken (a log may deliver from an earlier offset) are passed over. */
  offer(records: LogRecords): void {
    if (this.closed) return;
    const next = this.firstNew(records);
    if (next === records.length) return;
    this.deliveries.push({ records, next });
    this.waiting += records.length - next;
    this.nextOffset = (records.at(records.length - 1)?.offset ?? 0) + 1;
    if (!this.paused && this.waiting >= this.highWater) {
      this.paused = true;
      this.flow.pause(this.partition);
    }
    this.wake();
  }

  /** Resolves when there is something to take; false once the queue is closed. */
  async ready(): Promise<boolean> {
    while (this.waiting === 0 && !this.closed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return !this.closed;
  }

  /** The next records, at most `limit`. */
  take(limit: number): readonly LogRecord[] {
    const taken: LogRecord[] = [];
    for (
      let [delivery] = this.deliveries;
      delivery !== undefined && taken.length < limit;
      [delivery] = this.deliveries
    ) {
      const record = delivery.records.at(delivery.next++);
      if (record !== undefined) taken.push(record);
      if (delivery.next >= delivery.records.length) this.deliveries.shift();
    }
    this.waiting -= taken.length;
    if (this.paused && this.waiting <= this.highWater / 2) {
      this.paused = false;
      this.flow.resume(this.partition);
    }
    return taken;
  }

  /** Throws away what waits. The flow is left as it is: whoever comes next decides. */
  close(): void {
    this.closed = true;
    this.deliveries = [];
    this.waiting = 0;
    this.paused = false;
    this.wake();
  }

  private firstNew(records: LogRecords): number {
    let index = 0;
    while (index < records.length && (records.at(index)?.offset ?? 0) < this.nextOffset) index += 1;
    return index;
  }
}
