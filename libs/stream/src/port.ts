import type { Emission, LogBatch } from '@perennial/contracts';

/** What a consumer tells its owner. */
export interface ConsumerHandlers {
  /**
   * Called when a partition was assigned that was not before, or that stood still, before any of its records arrive; the
   * answer says where it starts, or null when it is not wanted any more: then nothing of it comes until the next assignment.
   * A partition that is kept over an assignment goes on under the claim it has. Claims of one partition never overlap.
   * Rejecting stops it until the next assignment.
   */
  claim(partition: number): Promise<number | null>;
  /** Partitions were taken away; nothing of them may be committed any more. */
  revoke(partitions: readonly number[]): void;
  /**
   * What the log has of one partition from where the last batch ended; without records where only the position moved (behind a
   * transaction marker, say). Must return soon: hand over, then `pause` when full. No further batch of the partition comes
   * before it resolves; rejecting stops the partition.
   */
  batch(batch: LogBatch): Promise<void>;
  /**
   * A partition cannot go on: its log does not continue where the stored progress ends, a batch is undecodable, or a
   * handler failed. It stays still until it is assigned again.
   */
  stopped(partition: number, reason: string): void;
}

/** Reads one topic as a member of a group. */
export interface LogConsumer {
  /** Resolves when the consumer works; the log may still be away (see `StreamObserver.link`). Once per consumer. */
  start(handlers: ConsumerHandlers): Promise<void>;
  /** No batch of the partition comes until `resume`. Of a partition that is not assigned: no effect; so the next three. */
  pause(partition: number): void;
  resume(partition: number): void;
  /** The next batch of the partition starts at this offset. No effect while it is being claimed: the claim decides. */
  seek(partition: number, offset: number): void;
  /** The partition has failed: no batch of it comes, and it is claimed anew at the next assignment. No word of `stopped`. */
  halt(partition: number): void;
  /**
   * Tells the log, for lag tools only, which offsets are processed (next offset of each partition). Never read back;
   * best effort, so it never rejects.
   */
  mirror?(offsets: ReadonlyMap<number, number>): Promise<void>;
  /** Revokes what is assigned, leaves the group so that others take over at once, and closes. */
  stop(): Promise<void>;
}

/** Idempotent, acks from all replicas, one request in flight per partition. */
export interface LogProducer {
  /** Resolves when connected; tries for ever until `close`. */
  connect(): Promise<void>;
  /**
   * In order per partition; calls go out in the order in which they were made. Resolves when all are acknowledged.
   * Throws `RetryableError` when the log is away: some of the records may have been written, sending again may repeat
   * them. Throws `InvalidInput` for a record that the log refuses for its size.
   */
  send(records: readonly Emission[]): Promise<readonly Acknowledged[]>;
  close(): Promise<void>;
}
export interface Acknowledged {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first record of this topic and partition in the call. */
  readonly baseOffset: number;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** Copies of each partition; a log on one machine has one, whatever is asked. */
  readonly replication: number;
  readonly config: Readonly<Record<string, string>>;
}

/** Offsets [low, high) of a partition: the first that is kept, and the one the next record gets. */
export interface PartitionOffsets {
  readonly partition: number;
  readonly low: number;
  readonly high: number;
}

export interface LogAdmin {
  /** Throws `RetryableError` when the log is away; so do the others. */
  connect(): Promise<void>;
  /**
   * Creates what is missing; returns the names created. A topic with another partition count, or whose timestamps or
   * clean-up mean something else than asked, is an `InvalidInput` that says so.
   */
  createTopics(topics: readonly TopicSpec[]): Promise<readonly string[]>;
  offsets(topic: string): Promise<readonly PartitionOffsets[]>;
  /** How far each partition can be read: to its end, or to where the first transaction began that is still open. */
  stableOffsets(topic: string): Promise<ReadonlyMap<number, number>>;
  /** Names the log: another cluster, or a folder that was deleted and made anew, has another id. */
  clusterId(): Promise<string>;
  close(): Promise<void>;
}

export interface ReadOptions {
  readonly topic: string;
  /** A map: these partitions only, each from its offset. */
  readonly from: 'beginning' | 'end' | ReadonlyMap<number, number>;
  /** Exclusive. A partition that is not named here never ends. */
  readonly until?: ReadonlyMap<number, number>;
  readonly signal?: AbortSignal;
  /** Called also for a batch without records, when only the position moved. */
  readonly batch: (batch: LogBatch) => void;
}

/** Reads partitions from given offsets without a group: for tools and tests. */
export interface LogReader {
  /**
   * Hands batches over until the signal aborts, or until `until` is reached. Throws `InvalidInput` when an offset is
   * not in the log, `RetryableError` when the log is away at the start or is closed here; an outage later is waited for
   * where the log is Kafka.
   */
  read(options: ReadOptions): Promise<void>;
}

/** One log, whichever adapter. */
export interface Log {
  consumer(options: { readonly topic: string; readonly group: string }): LogConsumer;
  producer(): LogProducer;
  admin(): LogAdmin;
  reader(): LogReader;
  /** Stops and closes everything that was made from this log. */
  close(): Promise<void>;
}
