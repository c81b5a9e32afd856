import { DEFAULT_LIMITS as OF_PROCESSOR, type Limits as ProcessorLimits } from '@perennial/processor';

/** Part of the log's meaning, so the same for all engines of an installation. */
export interface EngineLimits {
  /** Deadlines that one clock record fires at most. */
  readonly deadlinesPerClock: number;
  /**
   * After so many instants of deadlines a clock record fires no further customer: a customer may have many, and the event
   * loop is not to stand still.
   */
  readonly evaluationsPerClock: number;
}

export interface Limits extends ProcessorLimits, EngineLimits {}

export const DEFAULT_LIMITS: Limits = { ...OF_PROCESSOR, deadlinesPerClock: 5_000, evaluationsPerClock: 10_000 };
