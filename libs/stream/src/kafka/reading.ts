import { type LogBatch } from '@perennial/contracts';
import { InvalidInput } from '@perennial/values';
import type { Flow, Want } from '../flow/partition-flows';
import type { ReadOptions } from '../port';
import { beforeEnd } from '../read-plan';
import type { FetchSink } from './broker-fetch';

interface Position {
  readonly partition: number;
  next: number;
}

/** One read of a reader: from its start positions to its end. */
export class Reading implements FetchSink {
  /** Aborted when everything is read, or when it cannot go on. */
  readonly end = new AbortController();
  failure: InvalidInput | null = null;
  private readonly positions: readonly Position[];

  constructor(
    private readonly options: ReadOptions,
    starts: ReadonlyMap<number, number>,
  ) {
    this.positions = [...starts].map(([partition, next]) => ({ partition, next }));
    this.endWhenRead();
  }

  ready(): readonly Flow[] {
    return this.positions.filter((position) => this.isUnread(position));
  }

  /** What lies behind the end of its partition is not, though others are still read. */
  wants(flow: Flow, at: number): Want {
    return !this.end.signal.aborted && flow.next === at && this.isUnread(flow) ? 'now' : 'never';
  }

  deliver(flow: Flow, fetched: LogBatch): void {
    const position = this.positions.find((candidate) => candidate === flow);
    if (position === undefined || this.end.signal.aborted) return;
    position.next = fetched.nextOffset;
    this.options.batch(beforeEnd(fetched, this.options.until));
    this.endWhenRead();
  }

  stop(_flow: Flow, reason: string): void {
    this.failure ??= new InvalidInput('STREAM.NOT_READABLE', reason);
    this.end.abort();
  }

  private isUnread({ partition, next }: Flow): boolean {
    return next < (this.options.until?.get(partition) ?? Infinity);
  }

  private endWhenRead(): void {
    if (this.ready().length === 0) this.end.abort();
  }
}
