/**
 * step: offers signals and `after`s to the regions; each region moves at most once per instant (product.md §4.2-4).
 *
 * Invariants
 * 1. A re-entry, which leads into the present state, is no move: it neither uses up the region's move nor is kept from by it,
 *    and replaces no settle deadline.
 * 2. A signal re-enters at its flip or pulse only, so nothing waits for a re-entry; an `after` re-enters when it falls due.
 */
import type { Cause } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import { type ArmedTimer, type Chart, type Step, timersAfter } from './statechart';
import { MAIN_CYCLE, type Moment, MOST_MOVES, type Run } from './evaluation';
import type { RegionState } from './state';

/** Runs one evaluation: signals in the order of the definition, then what `after`s are due, then the settle deadline. */
export function step(run: Run, moment: Moment): void {
  const movers: Movers = [];
  offerSignals(run, moment, movers);
  offerTimers(run, moment, movers);
  if (movers.length > 0)
    run.draft.settleAt = waits(run, moment.at, movers) ? moment.at + run.plan.definition.settleMs : null;
}

/** By region: the signal that moved it, null for an `after`; undefined where nothing did. Empty when nothing moved at all. */
type Movers = (number | null | undefined)[];

function offerSignals(run: Run, moment: Moment, movers: Movers): void {
  const { draft, plan } = run;
  for (const { signal, index } of plan.signals) {
    const on = draft.on[index] === true && (!signal.edge || moment.turnedOn.includes(index));
    if (!on && !moment.pulsed.includes(index)) continue;
    for (let at = 0; at < draft.regions.length; at++) {
      if (draft.parked) continue;
      const taken = chartOf(run, at).onSignal(regionOf(run, at).configuration, index);
      if (taken === null) continue;
      if (taken.reenters) {
        if (!isMomentOf(index, moment)) continue;
        reenter(run, at, taken, moment.at, null);
        plan.onStep?.(at, taken, signal.name);
      } else if (movers[at] === undefined) {
        movers[at] = index;
        move(run, at, taken, moment.at, null, causeOf(moment, signal.name));
      }
    }
  }
}

/** Whether a signal flips on, or pulses, at this instant. */
const isMomentOf = (index: number, { turnedOn, pulsed }: Moment): boolean =>
  turnedOn.includes(index) || pulsed.includes(index);

function offerTimers(run: Run, moment: Moment, movers: Movers): void {
  const { draft } = run;
  for (let at = 0; at < draft.regions.length; at++) {
    const { timers } = regionOf(run, at);
    if (timers.length === 0) continue;
    for (const timer of dueTimers(timers, moment.at)) {
      const region = regionOf(run, at);
      // Ended, or started anew, by one before it.
      if (draft.parked || !region.timers.includes(timer)) continue;
      const taken = chartOf(run, at).onTimer(region.configuration, timer.event);
      if (taken === null) continue;
      if (taken.reenters) {
        reenter(run, at, taken, moment.at, timer);
        run.plan.onStep?.(at, taken, timer.event);
      } else if (movers[at] === undefined) {
        movers[at] = null;
        move(run, at, taken, moment.at, timer, { kind: 'after', signal: null, activityId: null });
      }
    }
  }
}

/** The earliest first; of the same instant, that of the state that was entered first. */
const dueTimers = (timers: readonly ArmedTimer[], at: Instant): ArmedTimer[] =>
  timers.filter(({ due }) => due <= at).sort((a, b) => a.due - b.due);

function causeOf({ occasion, flipped }: Moment, signal: string): Cause {
  if (occasion.kind === 'activity') return { kind: 'activity', signal, activityId: occasion.activityId };
  const settled = occasion.settleOnly && !flipped;
  return { kind: settled ? 'settle' : 'deadline', signal, activityId: null };
}

/** Starts the `after`s of the states that are entered again; states nothing. */
function reenter(run: Run, index: number, taken: Step, at: Instant, fired: ArmedTimer | null): void {
  const { enteredAt, timers } = regionOf(run, index);
  run.draft.regions[index] = {
    configuration: taken.target,
    enteredAt,
    timers: timersAfter(timers, taken, at, fired),
  };
}

/** Moves a region into another state, and states it; parks a customer that has moved too often. */
function move(run: Run, index: number, taken: Step, at: Instant, fired: ArmedTimer | null, cause: Cause): void {
  const { draft, facts } = run;
  if (run.moves >= MOST_MOVES) {
    draft.parked = true;
    return;
  }
  const from = regionOf(run, index);
  const to = taken.target;
  const newTop = to.top !== from.configuration.top;
  draft.regions[index] = {
    configuration: to,
    enteredAt: newTop ? at : from.enteredAt,
    timers: timersAfter(from.timers, taken, at, fired),
  };
  draft.sequence += 1;
  run.moves += 1;
  facts.push({
    kind: 'stage-changed',
    cycle: MAIN_CYCLE,
    region: run.plan.definition.regions[index]?.name ?? '',
    sequence: draft.sequence,
    from: from.configuration.top,
    to: to.top,
    path: taken.path,
    occurredAt: at,
    cause,
    previousStageEnteredAt: from.enteredAt,
  });
  run.plan.onStep?.(index, taken, fired?.event ?? cause.signal ?? '');
  if (index !== 0) return;
  draft.why = { sequence: draft.sequence, from: from.configuration.top, to: to.top, occurredAt: at, cause };
  run.newStage ||= newTop;
}

/** Whether a region that moved now would move again: another signal that is on, or an `after` held back by the move. */
function waits(run: Run, at: Instant, movers: Movers): boolean {
  for (let index = 0; index < movers.length; index++) {
    const mover = movers[index];
    if (mover === undefined) continue;
    const region = regionOf(run, index);
    const chart = chartOf(run, index);
    if (region.timers.some((timer) => timer.due <= at)) return true;
    for (const { signal, index: other } of run.plan.signals) {
      if (other === mover || signal.edge || run.draft.on[other] !== true) continue;
      if (chart.onSignal(region.configuration, other)?.reenters === false) return true;
    }
  }
  return false;
}

function chartOf(run: Run, index: number): Chart {
  const chart = run.plan.charts[index];
  if (chart === undefined) throw new RangeError(`no region ${index}`);
  return chart;
}

function regionOf(run: Run, index: number): RegionState {
  const region = run.draft.regions[index];
  if (region === undefined) throw new RangeError(`no region ${index}`);
  return region;
}
