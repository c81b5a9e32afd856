import type { DeadLetterCause, TopicName } from '@perennial/contracts';
import type { ProcessorObserver } from '@perennial/processor';

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
/** One of {@link OUTCOMES}. */
export type OutcomeName = (typeof OUTCOMES)[number];

/** What the engine says about itself, for metrics and logs. Called outside the hot path: once per micro-batch, not per activity. */
export interface EngineObserver extends ProcessorObserver {
  outcomes(name: OutcomeName, count: number): void;
  /** `from` null: entries. */
  moves(region: string, from: string | null, to: string, count: number): void;
  facts(topic: TopicName, count: number): void;
  deadLetters(cause: DeadLetterCause, count: number): void;
  /** How late deadlines of live tenants fired, by the tenant's time. Called for each deadline, before the commit. */
  deadlineLateness(seconds: number, count: number): void;
  parked(partition: number, count: number): void;
  /** Activities sent on to their customer's own partition. */
  forwarded(partition: number, count: number): void;
}
