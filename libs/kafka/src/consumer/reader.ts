import type { LogBatch } from '@perennial/contracts';
import {
  type AssignedPartition,
  beforeEnd,
  logClosed,
  type LogReader,
  type PartitionOffsets,
  type ReadOptions,
  startPositions,
  type Want,
} from '@perennial/stream';
import { InvalidInput } from '@perennial/values';
import { connectTo, openConnection, topicOffsets } from '../connection';
import { asStreamError } from '../kafka-errors';
import type { KafkaSettings } from '../options';
import type { FetchTarget } from './broker-fetch';
import { Fetcher } from './fetcher';

/** Fetches without a group, so that nothing of a reader is left in the cluster. */
export class KafkaReader implements LogReader {
  constructor(
    private readonly settings: KafkaSettings,
    private readonly closing: AbortSignal,
  ) {}

  async read(options: ReadOptions): Promise<void> {
    if (options.signal?.aborted === true) return;
    const reading = new Reading(options, startPositions(options, await this.offsets(options.topic)));
    const end = () => {
      reading.end.abort();
    };
    const signals = options.signal === undefined ? [this.closing] : [this.closing, options.signal];
    for (const signal of signals) signal.addEventListener('abort', end);
    try {
      if (!signals.some(({ aborted }) => aborted)) {
        await new Fetcher(this.settings, options.topic, reading).run(reading.end.signal);
      }
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', end);
    }
    if (reading.failure !== null) throw reading.failure;
    if (this.closing.aborted) throw logClosed();
  }

  private async offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    const connection = openConnection(this.settings);
    try {
      await connectTo(connection, topic);
      return await topicOffsets(connection.cluster, topic);
    } catch (error) {
      throw asStreamError(error, `finding the offsets of topic ${topic}`, topic);
    } finally {
      connection.destroy();
    }
  }
}

interface Position {
  readonly partition: number;
  next: number;
}

/** One read of a reader: from its start positions to its end. */
export class Reading implements FetchTarget {
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

  ready(): readonly AssignedPartition[] {
    return this.positions.filter((position) => this.isUnread(position));
  }

  /** What lies behind the end of its partition is not, though others are still read. */
  wants(assigned: AssignedPartition, at: number): Want {
    return !this.end.signal.aborted && assigned.next === at && this.isUnread(assigned) ? 'now' : 'never';
  }

  deliver(assigned: AssignedPartition, fetched: LogBatch): void {
    const position = this.positions.find((candidate) => candidate === assigned);
    if (position === undefined || this.end.signal.aborted) return;
    position.next = fetched.nextOffset;
    this.options.batch(beforeEnd(fetched, this.options.until));
    this.endWhenRead();
  }

  stop(_assigned: AssignedPartition, reason: string): void {
    this.failure ??= new InvalidInput('STREAM.NOT_READABLE', reason);
    this.end.abort();
  }

  private isUnread({ partition, next }: AssignedPartition): boolean {
    return next < (this.options.until?.get(partition) ?? Infinity);
  }

  private endWhenRead(): void {
    if (this.ready().length === 0) this.end.abort();
  }
}
