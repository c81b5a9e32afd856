import type { LogBatch, LogRecord } from '@perennial/contracts';
import type { ConsumerHandlers } from '@perennial/stream';

/** A consumer's owner that writes down what it is told. */
export class Recorder implements ConsumerHandlers {
  /** Partitions, as they were claimed. */
  readonly claims: number[] = [];
  readonly revoked: number[] = [];
  readonly stops = new Map<number, string>();
  readonly batches: LogBatch[] = [];
  private readonly held = new Set<number>();
  /** Where partitions start; 0 where not said. */
  readonly starts = new Map<number, number>();
  /** Replaced by tests that want to hold or break something. */
  onClaim: (partition: number) => Promise<void> = () => Promise.resolve();
  onBatch: (batch: LogBatch) => Promise<void> = () => Promise.resolve();

  async claim(partition: number): Promise<number | null> {
    this.claims.push(partition);
    this.held.add(partition);
    await this.onClaim(partition);
    return this.starts.get(partition) ?? 0;
  }

  revoke(partitions: readonly number[]): void {
    this.revoked.push(...partitions);
    for (const partition of partitions) this.held.delete(partition);
  }

  async batch(batch: LogBatch): Promise<void> {
    this.batches.push(batch);
    await this.onBatch(batch);
  }

  stopped(partition: number, reason: string): void {
    this.stops.set(partition, reason);
  }

  /** Partitions claimed and not revoked. */
  get assigned(): readonly number[] {
    return [...this.held];
  }

  records(partition: number): readonly LogRecord[] {
    return this.batches.filter((batch) => batch.partition === partition).flatMap((batch) => [...batch.records]);
  }

  values(partition: number): readonly string[] {
    return this.records(partition).map(valueText);
  }

  offsets(partition: number): readonly number[] {
    return this.records(partition).map((record) => record.offset);
  }
}

export function valueText({ value }: { readonly value: string | Uint8Array | null }): string {
  return value === null ? 'null' : typeof value === 'string' ? value : new TextDecoder().decode(value);
}

/** A promise that the test settles. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}
