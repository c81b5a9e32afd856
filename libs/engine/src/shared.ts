import type { CrashPoints, EngineStore, FlowControl, Publisher, Timekeeper } from './ports';
import type { LeaseTimes } from './lease';
import type { EngineObserver } from './observer';
import type { Plans } from './plans';
import type { Signing } from './signing';

/** What every partition of an engine shares. */
export interface Shared {
  readonly store: EngineStore;
  readonly publisher: Publisher;
  readonly flow: FlowControl;
  readonly time: Timekeeper;
  readonly observer: EngineObserver;
  readonly crash: CrashPoints;
  readonly signing: Signing;
  readonly plans: Plans;
  readonly limits: Limits;
  /** Of the activity topic. */
  readonly partitions: number;
  readonly lease: LeaseTimes;
}

export interface Limits {
  /** Most records of one micro-batch. More: higher throughput and latency. */
  readonly batchRecords: number;
  /** Records of which the customers are loaded, and what changed is packed, together: few enough for their objects to die young. */
  readonly handfulRecords: number;
  /** Records waiting in memory at which a partition is paused; it resumes at half of them. */
  readonly queueRecords: number;
  /** Bytes of records waiting in memory at which a partition is paused; as many again may be in work. */
  readonly queueBytes: number;
  /** Bytes of customers' states that one partition keeps in memory. */
  readonly cachedBytes: number;
  /** Micro-batches that may be committed ahead of what is published. */
  readonly unpublishedBatches: number;
  /** Records of one produce request; ownership is checked before each. */
  readonly publishRecords: number;
  /** After so many ms without a commit the partition is at rest: the store does what it put off. */
  readonly restMs: number;
  /** Deadlines one clock record fires at most; part of the log's meaning, so the same for all engines of an installation. */
  readonly deadlinesPerClock: number;
}

export const DEFAULT_LIMITS: Limits = {
  batchRecords: 2_000,
  handfulRecords: 500,
  queueRecords: 20_000,
  queueBytes: 8 * 1024 * 1024,
  cachedBytes: 256 * 1024 * 1024,
  unpublishedBatches: 4,
  publishRecords: 500,
  restMs: 250,
  deadlinesPerClock: 5_000,
};
