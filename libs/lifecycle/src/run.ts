import type { Fact } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import type { Plan } from './plan';
import type { Draft } from './state';

/** More moves of one customer in one input than this, and the customer is parked. */
export const MOST_MOVES = 100;

/** The same for deadlines' instants: some 27 years of a daily re-entry. */
export const MOST_EVALUATIONS = 10_000;

export const MAIN_CYCLE = 'main';

/** One decision under way: a fork of the state and the facts so far. */
export interface Run {
  readonly plan: Plan;
  readonly draft: Draft;
  readonly facts: Fact[];
  moves: number;
  /** Of deadlines: instants at which something fell due. */
  evaluations: number;
  /** The stage was entered, or left: whoever reads `state.v1` is to hear of it, also when the customer is back. */
  newStage: boolean;
}

export const newRun = (plan: Plan, draft: Draft): Run => ({
  plan,
  draft,
  facts: [],
  moves: 0,
  evaluations: 0,
  newStage: false,
});

/** Why there is an evaluation at this instant. */
export type Occasion =
  | { readonly kind: 'activity'; readonly activityId: string | null }
  /** Deadlines fell due; `settleOnly`: the settle deadline, and no `after`; signals may have flipped. */
  | { readonly kind: 'deadline'; readonly settleOnly: boolean };

/** One instant of one customer: what flipped and pulsed, before signals are offered. */
export interface Moment {
  readonly at: Instant;
  readonly occasion: Occasion;
  /** By signal index: turned on at this instant. */
  readonly turnedOn: readonly number[];
  /** Some signal turned on or off at this instant. */
  readonly flipped: boolean;
  readonly pulsed: readonly number[];
}
