import type { Instant } from '@perennial/values';
import type { FieldValue } from '@perennial/definition';

/** What a fold sees of an activity. */
export interface Folded {
  readonly at: Instant;
  /** Integer minor units, or a count; 0 when the activity carries none. */
  readonly amount: number;
  /** Before the customer's horizon: counts and sums change, occasions and gaps do not. */
  readonly late: boolean;
}

/**
 * One field of the profile as numbers in consecutive slots of the customer's state. `add` is O(1); `concat` joins the
 * slots of two halves of a history, the older one first, so that `init` and a row of `add`s over both halves gives the same.
 */
export interface Folding {
  readonly init: readonly number[];
  add(slots: number[], start: number, activity: Folded): void;
  concat(older: readonly number[], newer: readonly number[]): number[];
  /** The value at an instant, as predicates see it. */
  read(slots: readonly number[], start: number, at: Instant): FieldValue;
}

/** The slot at an index that is known to exist. */
export const slot = (slots: readonly number[], index: number): number => slots[index] ?? Number.NaN;
