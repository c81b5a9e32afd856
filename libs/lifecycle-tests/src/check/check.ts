import type { SignalFlip, StageChangedFact } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import type { CustomerState, Plan } from '@perennial/lifecycle';
import type { ShownFlaw, ShownOutcome } from '../shape/expectation-shape';
import type { Timeline } from '../timeline';

/** What tests can say of the facts: `state.v1` only repeats where a customer stands. */
export type TestedFact = StageChangedFact | SignalFlip;

/** What became of an activity. */
export interface Taken {
  readonly outcome: ShownOutcome;
  readonly flaw: ShownFlaw | 'amount-out-of-range';
}

/** What there is to see of a customer at a step. */
export interface Observed {
  readonly plan: Plan;
  /** Null for a customer that has not entered. */
  readonly state: CustomerState | null;
  readonly now: Instant;
  readonly timeline: Timeline;
  /** Stated since the step before that expected something of the customer. */
  readonly facts: readonly TestedFact[];
  /** Of the step's activities. */
  readonly taken: readonly Taken[];
}

/** A line of a difference: `-` was expected, `+` is so, a blank is both or context. */
export interface DiffLine {
  readonly sign: '-' | '+' | ' ';
  readonly text: string;
}

/** One thing that is expected. */
export interface Check {
  /** Offset in the file. */
  readonly at: number;
  /** What it is about, in words. */
  readonly subject: string;
  /** Nothing when it is as expected. */
  readonly compare: (observed: Observed) => readonly DiffLine[];
}

export const NOT_ENTERED = 'not entered: no activity of the catalogue so far';

/** The difference of two texts. */
export function differenceOf(expected: string, actual: string): readonly DiffLine[] {
  if (expected === actual) return [];
  return different(expected, actual);
}

export function different(expected: string, actual: string): readonly DiffLine[] {
  return [
    { sign: '-', text: expected },
    { sign: '+', text: actual },
  ];
}
