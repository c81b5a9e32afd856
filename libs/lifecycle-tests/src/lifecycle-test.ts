import type { Activity } from '@perennial/contracts';
import type { CustomerId, Instant } from '@perennial/values';
import type { Check } from './check/check';
import type { Timeline } from './timeline';

/** A place in a file; lines and columns start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A test, checked against its definition and ready to run. */
export interface LifecycleTest extends Position {
  readonly name: string;
  readonly timeline: Timeline;
  readonly steps: readonly TestStep[];
}

/** One step: its activities, then the clock at `now`, then what is expected. */
export interface TestStep {
  readonly customer: CustomerId;
  readonly arrivals: readonly Arrival[];
  readonly now: Instant;
  readonly checks: readonly (Check & Position)[];
}

/** An activity that arrives at an instant, which is its own time or later. */
export interface Arrival {
  readonly at: Instant;
  readonly activity: Activity & { readonly at: Instant };
}
