/** Deadlines of one customer: absences, crossings, `after`s and settling. Which are pending, and what is done when they fall due. */
import type { Instant } from '@perennial/values';
import { MOST_EVALUATIONS, type Run } from './evaluation';
import type { Plan } from './plan';
import { flip, flipsAt } from './signals';
import type { CustomerState } from './state';
import { step } from './step';

export type DeadlineKind = 'absent' | 'crossing' | 'after' | 'settle';

export interface Deadline {
  readonly due: Instant;
  readonly kind: DeadlineKind;
  /** The signal, or the event of the `after`; null for settling. */
  readonly name: string | null;
}

/** The customer's earliest true deadline, or null. */
export function nextDeadline(plan: Plan, state: CustomerState): Deadline | null {
  return pendingDeadlines(plan, state)[0] ?? null;
}

/**
 * All true deadlines of a customer, the earliest first; of one instant, those of signals before `after`s before settling.
 * What is overdue was held back and waits for settling.
 */
export function pendingDeadlines(plan: Plan, state: CustomerState): readonly Deadline[] {
  if (state.parked) return [];
  const ofSignals = plan.timed.flatMap((planned): Deadline[] => {
    const due = flipsAt(plan, state, planned);
    const { kind, name } = planned.signal;
    return due === null ? [] : [{ due, kind: kind === 'absent' ? kind : 'crossing', name }];
  });
  const timers = state.regions.flatMap((region) => region.timers).filter(({ due }) => due > state.horizon);
  const ofTimers = timers.map(({ due, event }): Deadline => ({ due, kind: 'after', name: event }));
  const settle: Deadline[] = state.settleAt === null ? [] : [{ due: state.settleAt, kind: 'settle', name: null }];
  return [...ofSignals, ...ofTimers, ...settle].sort((a, b) => a.due - b.due);
}

/** When the earliest falls due; Infinity when there is none. Asked several times for every activity. */
export function nextDue(plan: Plan, state: CustomerState): Instant {
  if (state.parked) return Infinity;
  let next = state.settleAt ?? Infinity;
  for (const planned of plan.timed) next = Math.min(next, flipsAt(plan, state, planned) ?? Infinity);
  for (const { timers } of state.regions) {
    for (const { due } of timers) if (due > state.horizon && due < next) next = due;
  }
  return next;
}

const nothing: readonly number[] = [];

/** advance: the customer's own deadlines up to an instant fire, in order, each at its own time (product.md §4.5). */
export function advance(run: Run, through: Instant): void {
  for (;;) {
    const due = nextDue(run.plan, run.draft);
    if (due > through) return;
    if (run.evaluations >= MOST_EVALUATIONS) {
      run.draft.parked = true;
      return;
    }
    run.evaluations += 1;
    fire(run, due);
  }
}

/** One instant: whatever falls due at it flips together, then is offered once. */
function fire(run: Run, at: Instant): void {
  const { draft } = run;
  const settles = draft.settleAt !== null && draft.settleAt <= at;
  const settleOnly = settles && !draft.regions.some(({ timers }) => timers.some((timer) => timer.due === at));
  draft.horizon = at;
  if (settles) draft.settleAt = null;
  step(run, flip(run, at, { kind: 'deadline', settleOnly }, nothing));
}
