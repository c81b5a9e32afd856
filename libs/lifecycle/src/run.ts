import type { Fact, Instant } from '@perennial/contracts';
import type { Plan } from './plan';
import type { Draft } from './state';

/** More moves of one customer in one input than this, and the customer is parked. */
export const MOST_MOVES = 100;

export const MAIN_CYCLE = 'main';

/** One decision under way: a fork of the state and the facts so far. */
export interface Run {
  readonly plan: Plan;
  readonly draft: Draft;
  readonly facts: Fact[];
  moves: number;
}

/** Why there is an evaluation at this instant. */
export type Occasion =
  | { readonly kind: 'activity'; readonly activityId: string | null }
  /** Deadlines fell due; `settleOnly`: the settle deadline, and no `after`. */
  | { readonly kind: 'deadline'; readonly settleOnly: boolean };

/** One instant of one customer: what flipped and pulsed, before signals are offered. */
export interface Moment {
  readonly at: Instant;
  readonly occasion: Occasion;
  /** By signal index: turned on at this instant. */
  readonly turnedOn: readonly number[];
  readonly pulsed: readonly number[];
}
