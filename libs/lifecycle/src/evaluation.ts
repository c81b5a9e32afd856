/** What one decision works on, how it begins for a new customer, and how an activity gets into the profile. */
import { NO_INSTANT } from '@perennial/codec';
import type { Activity, Cause, Fact } from '@perennial/contracts';
import type { Role } from '@perennial/definition';
import type { Instant } from '@perennial/values';
import { noRecentIds } from './dedupe';
import type { Folded } from './folds/fold';
import type { Plan } from './plan';
import type { Draft, RegionState } from './state';
import { type Chart, timersAfter } from './statechart';

/** More moves of one customer in one input than this, and the customer is parked. */
export const MOST_MOVES = 100;

/** The same for deadlines' instants: some 27 years of a daily re-entry. */
export const MOST_EVALUATIONS = 10_000;

/** The one cycle that customers have so far; every fact names it. */
export const MAIN_CYCLE = 'main';

/** Mutable context of one decision: the state that it changes, and the facts so far. */
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

/** A decision on a known customer; `draft` is changed by it. */
export const newRun = (plan: Plan, draft: Draft): Run => ({
  plan,
  draft,
  facts: [],
  moves: 0,
  evaluations: 0,
  newStage: false,
});

/** Why there is an evaluation at this instant. */
type Occasion =
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

/**
 * Entry: the first catalogued activity puts a customer into the initial state of every region (product.md §4.1). The decision has
 * begun at the instant of the activity, which is not folded yet, and holds the entry facts.
 */
export function enter(plan: Plan, activity: Activity, at: Instant): Run {
  const cause: Cause = { kind: 'entry', signal: null, activityId: activity.id };
  const { definition } = plan;
  const regions = plan.charts.map((chart) => initialRegion(chart, at));
  const facts = regions.map(
    ({ configuration }, index): Fact => ({
      kind: 'stage-changed',
      cycle: MAIN_CYCLE,
      region: definition.regions[index]?.name ?? '',
      sequence: index + 1,
      from: null,
      to: configuration.top,
      path: plan.charts[index]?.initial.path ?? '',
      occurredAt: at,
      cause,
      previousStageEnteredAt: null,
    }),
  );
  const draft: Draft = {
    definition: definition.version,
    firstAt: at,
    newestStatedAt: NO_INSTANT,
    horizon: at,
    sequence: regions.length,
    slots: [...plan.slots],
    lastAt: [...plan.never],
    on: [...plan.off],
    regions,
    settleAt: null,
    armed: null,
    recent: noRecentIds(),
    why: { sequence: 1, from: null, to: regions[0]?.configuration.top ?? '', occurredAt: at, cause },
    parked: false,
  };
  const run = newRun(plan, draft);
  run.facts.push(...facts);
  run.newStage = true;
  return run;
}

function initialRegion({ initial }: Chart, at: Instant): RegionState {
  return { configuration: initial.target, enteredAt: at, timers: timersAfter([], initial, at, null) };
}

/** Folds one activity into the profile, in O(1). */
export function fold(plan: Plan, draft: Draft, role: Role, activity: Folded): void {
  const rolePlan = plan.byRole.get(role);
  if (rolePlan === undefined) return;
  for (const add of rolePlan.folds) add(draft.slots, activity);
  draft.lastAt[rolePlan.index] = Math.max(draft.lastAt[rolePlan.index] ?? NO_INSTANT, activity.at);
}
