import type { OutRecord } from '@perennial/contracts';
import type { CreateHandler, ReadOutbox, ServiceTypes } from './handler';
import type { ProcessorObserver } from './observer';
import type { LeaseTimes } from './ownership/lease';
import type { CrashPoints, FlowControl, PartitionStore, Publisher, Timekeeper } from './ports';

/** What a service gives its processor: handler, outbox format and ports. */
export interface ProcessorOptions<S extends ServiceTypes> {
  /** Names this process in the store. */
  readonly owner: string;
  readonly createHandler: CreateHandler<S>;
  readonly readOutbox: ReadOutbox<S>;
  readonly store: PartitionStore<S['Held'], S['Change']>;
  readonly publisher: Publisher<S['Entry'] | OutRecord>;
  readonly flow: FlowControl;
  readonly time: Timekeeper;
  readonly observer: ProcessorObserver;
  /** From 0 to 1, for the jitter of retries. Default: always 1, which waits the longest. */
  readonly random?: () => number;
  /** Only tests give one. */
  readonly crash?: CrashPoints;
  readonly limits?: Partial<Limits>;
  /** Default: 3 s and 3 s. */
  readonly lease?: LeaseTimes;
}

/** How much of a partition is in memory, in work and in one transaction. */
export interface Limits {
  /** Most records of one micro-batch. More: higher throughput and latency. */
  readonly batchRecords: number;
  /**
   * Bytes at which a micro-batch ends: of the records it takes in, or of what it states (outbox blob, rows of states). It goes
   * beyond by one input at most; rows of states by those of a chunk, since they are serialized together. Bounds the transaction,
   * and what is published again after a crash.
   */
  readonly batchBytes: number;
  /** Records of which the customers are loaded, and what changed is serialized, together: few enough for their objects to die young. */
  readonly chunkRecords: number;
  /** Records waiting in memory at which a partition is paused; it resumes at half of them. */
  readonly queueRecords: number;
  /** Bytes of records waiting in memory at which a partition is paused; as many again may be in work. */
  readonly queueBytes: number;
  /** Bytes of customers' states that one partition keeps in memory. */
  readonly cachedBytes: number;
  /** Micro-batches that may be committed ahead of what is published. */
  readonly unpublishedBatches: number;
  /** Bytes of blobs that may be committed ahead of what is published; a single blob may be larger. */
  readonly unpublishedBytes: number;
  /** Records of one produce request; ownership is checked before each. */
  readonly publishRecords: number;
  /** Bytes of one produce request, for which one request time-out is enough; a single record may be larger. */
  readonly publishBytes: number;
  /** After so many ms without a commit the partition is idle, and its session is flushed. */
  readonly flushAfterMs: number;
}

const MIB = 1024 * 1024;

/** What holds where a service states no limit of its own. */
export const DEFAULT_LIMITS: Limits = {
  batchRecords: 2_000,
  batchBytes: 4 * MIB,
  chunkRecords: 500,
  queueRecords: 20_000,
  queueBytes: 8 * MIB,
  cachedBytes: 256 * MIB,
  unpublishedBatches: 4,
  unpublishedBytes: 8 * MIB,
  publishRecords: 500,
  publishBytes: 800_000,
  flushAfterMs: 250,
};

const DEFAULT_LEASE: LeaseTimes = { leaseMs: 3_000, requestTimeoutMs: 3_000 };

/** What all partitions of a processor share: its options, complete. */
export interface Shared<S extends ServiceTypes> extends ProcessorOptions<S> {
  readonly random: () => number;
  readonly crash: CrashPoints;
  readonly limits: Limits;
  readonly lease: LeaseTimes;
}

/** Fills in the defaults. */
export const complete = <S extends ServiceTypes>(options: ProcessorOptions<S>): Shared<S> => ({
  ...options,
  random: options.random ?? (() => 1),
  crash: options.crash ?? { reach: () => undefined },
  limits: { ...DEFAULT_LIMITS, ...options.limits },
  lease: options.lease ?? DEFAULT_LEASE,
});
