import type { Instant } from '@perennial/values';

/** What the processor says about itself, for metrics and logs. Called outside the hot path: once per micro-batch, not per input. */
export interface ProcessorObserver {
  batch(partition: number, batch: { readonly records: number; readonly seconds: number }): void;
  lag(partition: number, lag: { readonly records: number; readonly seconds: number }): void;
  outbox(partition: number, outbox: { readonly pending: number; readonly seconds: number }): void;
  /** Customers with a deadline. */
  deadlinesArmed(partition: number, count: number): void;
  clockAppended(partition: number): void;
  claimed(partition: number): void;
  /** The partition is not ours any more, whether it was at work or stood still. */
  released(partition: number): void;
  fenced(partition: number): void;
  /** Blobs that a former owner left, and may have published already. */
  republished(partition: number, blobs: number): void;
  /** The wall time of the earliest deadline of live tenants, null: none. What lies in the past is overdue. */
  nextDeadline(partition: number, due: Instant | null): void;
  /** Something that the processor needs is away and is tried again. */
  retrying(what: RetriedOperation, partition: number, error: Error): void;
  /** The retried operation succeeded or was cancelled. */
  recovered(what: RetriedOperation, partition: number): void;
  /** A partition cannot go on without an operator. */
  stopped(partition: number, reason: string): void;
}
/** What is tried again while store, log or ownership is away. */
export type RetriedOperation = 'claim' | 'load' | 'commit' | 'lease' | 'publish' | 'clock' | 'release' | 'flush';
