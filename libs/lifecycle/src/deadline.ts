/** Deadlines of one customer: absences, crossings, `after`s and settling. */
import type { Instant } from '@perennial/values';
import type { Plan } from './plan';
import { flipsAt } from './signal';
import type { CustomerState } from './state';

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

/** When it is; Infinity when there is none. Asked several times for every activity. */
export function nextDue(plan: Plan, state: CustomerState): Instant {
  if (state.parked) return Infinity;
  let next = state.settleAt ?? Infinity;
  for (const planned of plan.timed) next = Math.min(next, flipsAt(plan, state, planned) ?? Infinity);
  for (const { timers } of state.regions) {
    for (const { due } of timers) if (due > state.horizon && due < next) next = due;
  }
  return next;
}
