import type { DeadLetterCause, TopicName } from '@perennial/contracts';
import type { Instant } from '@perennial/values';

/** What became of activities, and clock records without effect; a closed set. */
export const OUTCOMES = [
  'taken',
  'late',
  'unverifiable',
  'duplicate',
  'uncatalogued',
  'future',
  'amount-left-out',
  /** Among those left out: below zero where the definition says above, or the other way round. */
  'amount-other-sign',
  'repeated-clock',
] as const;
export type OutcomeName = (typeof OUTCOMES)[number];

/** What the engine says about itself, for metrics and logs. Called outside the hot path: once per micro-batch, not per activity. */
export interface EngineObserver {
  batch(partition: number, batch: { readonly records: number; readonly seconds: number }): void;
  outcomes(name: OutcomeName, count: number): void;
  /** `from` null: entries. */
  moves(region: string, from: string | null, to: string, count: number): void;
  facts(topic: TopicName, count: number): void;
  deadLetters(cause: DeadLetterCause, count: number): void;
  lag(partition: number, lag: { readonly records: number; readonly seconds: number }): void;
  outbox(partition: number, outbox: { readonly pending: number; readonly seconds: number }): void;
  /** Customers with a deadline. */
  deadlinesArmed(partition: number, count: number): void;
  /** How late the deadlines of a clock record were, by the tenant's time. */
  deadlineLateness(seconds: number, count: number): void;
  clockAppended(partition: number): void;
  claimed(partition: number): void;
  /** The partition is not ours any more, whether it was at work or stood still. */
  released(partition: number): void;
  fenced(partition: number): void;
  parked(partition: number, count: number): void;
  /** Activities sent on to their customer's own partition. */
  forwarded(partition: number, count: number): void;
  /** Blobs that a former owner left, and may have published already. */
  republished(partition: number, blobs: number): void;
  /** The wall time of the earliest deadline of live tenants, null: none. What lies in the past is overdue. */
  nextDeadline(partition: number, due: Instant | null): void;
  /** Something the engine needs is away and is tried again. */
  retrying(what: Retried, partition: number, error: Error): void;
  /** What was away is back, or is not waited for any more. */
  recovered(what: Retried, partition: number): void;
  /** A partition cannot go on without an operator. */
  stopped(partition: number, reason: string): void;
}
export type Retried = 'claim' | 'load' | 'commit' | 'lease' | 'publish' | 'clock' | 'release' | 'flush';
