import type { LogRecord } from '@perennial/contracts';
import type { FlowControl } from './ports';

/** Records of one partition that wait for their turn. Bounded: it pauses the flow at the high water and resumes it at half. */
export class RecordQueue {
  private records: LogRecord[] = [];
  /** How many of `records` are taken; they are cut off when they are half of them, so that small takes stay cheap. */
  private taken = 0;
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
    return this.records.length - this.taken;
  }

  /** Records already taken (a log may deliver from an earlier offset) are passed over. */
  offer(records: readonly LogRecord[]): void {
    if (this.closed) return;
    for (const record of records) {
      if (record.offset < this.nextOffset) continue;
      this.records.push(record);
      this.nextOffset = record.offset + 1;
    }
    if (!this.paused && this.length >= this.highWater) {
      this.paused = true;
      this.flow.pause(this.partition);
    }
    this.wake();
  }

  /** The next records, at most `limit`, as soon as there is one; none once the queue is closed. */
  async take(limit: number): Promise<readonly LogRecord[]> {
    while (this.length === 0 && !this.closed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    if (this.closed) return [];
    const next = this.records.slice(this.taken, this.taken + limit);
    this.taken += next.length;
    if (this.taken * 2 >= this.records.length) {
      this.records = this.records.slice(this.taken);
      this.taken = 0;
    }
    if (this.paused && this.length <= this.highWater / 2) {
      this.paused = false;
      this.flow.resume(this.partition);
    }
    return next;
  }

  close(): void {
    this.closed = true;
    this.records = [];
    this.taken = 0;
    this.wake();
  }
}
