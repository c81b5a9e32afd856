import type { OutRecord } from '@perennial/contracts';
import type { LogProducer } from '@perennial/stream';

/**
 * Sends at a constant rate, whatever the answers take: a slow receiver does not slow it, so nothing is hidden. What has
 * become due since the last turn of the event loop goes out as one call. Times are of `performance.now()`.
 */
export class OpenLoop {
  readonly sentAt: Float64Array;
  private begunAt = 0;
  private sent = 0;
  private failure: Error | null = null;

  constructor(
    private readonly producer: LogProducer,
    private readonly rate: number,
    readonly total: number,
    private readonly record: (index: number) => OutRecord,
  ) {
    this.sentAt = new Float64Array(total);
  }

  /** When a record was to be sent. */
  dueAt(index: number): number {
    return this.begunAt + (index / this.rate) * 1000;
  }

  /** Resolves when all is sent and acknowledged. */
  async run(signal?: AbortSignal): Promise<void> {
    this.begunAt = performance.now();
    const underWay = new Set<Promise<unknown>>();
    while (this.sent < this.total && signal?.aborted !== true) {
      this.sendDue(underWay);
      if (this.failure !== null) throw this.failure;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(underWay);
  }

  private sendDue(underWay: Set<Promise<unknown>>): void {
    const due = Math.min(this.total, Math.floor(((performance.now() - this.begunAt) / 1000) * this.rate) + 1);
    if (due <= this.sent) return;
    const records = Array.from({ length: due - this.sent }, (_, offset) => this.record(this.sent + offset));
    this.sentAt.fill(performance.now(), this.sent, due);
    this.sent = due;
    const call: Promise<unknown> = this.producer.send(records).then(
      () => underWay.delete(call),
      (error: unknown) => (this.failure = error instanceof Error ? error : new Error(String(error))),
    );
    underWay.add(call);
  }
}
