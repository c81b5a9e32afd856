import { DEFAULT_LIMITS as OF_PROCESSOR, type Limits as ProcessorLimits } from '@perennial/processor';

/** Facts depend on these, so they are the same for all engines of an installation. */
export interface EngineLimits {
  /** Deadlines that one clock record fires at most. */
  readonly deadlinesPerClock: number;
  /**
   * Evaluated instants of deadlines after which a clock record fires no further customer: one customer may have many, and they
   * block the event loop.
   */
  readonly evaluationsPerClock: number;
}

/** Of the processor and of the lifecycle. */
export interface Limits extends ProcessorLimits, EngineLimits {}

/** What holds where no limit is stated. */
export const DEFAULT_LIMITS: Limits = { ...OF_PROCESSOR, deadlinesPerClock: 5_000, evaluationsPerClock: 10_000 };
