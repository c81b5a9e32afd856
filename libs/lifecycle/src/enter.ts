/** Entry: the first catalogued activity puts a customer into the initial state of every region (product.md §4.1). */
import type { Activity, Cause, Fact } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import type { Chart } from './chart';
import { noRecentIds } from './dedupe';
import { NO_INSTANT } from '@perennial/codec';
import type { Plan } from './plan';
import { MAIN_CYCLE, newRun, type Run } from './run';
import type { Draft, RegionState } from './state';
import { timersAfter } from './step';

/** A decision that has begun with a new customer, at the instant of its first activity, which is not folded yet; with the entry facts. */
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
