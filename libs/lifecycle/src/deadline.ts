/** Deadlines of one customer: absences, crossings, `after`s and settling. */
import type { Instant } from '@perennial/contracts';
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

/** The customer's earliest true deadline, or null. What is overdue was held back and waits for settling. */
export function nextDeadline(plan: Plan, state: CustomerState): Deadline | null {
  const due = nextDue(plan, state);
  if (due === Infinity) return null;
  for (const planned of plan.timed) {
    const { kind, name } = planned.signal;
    if (flipsAt(plan, state, planned) === due) return { due, kind: kind === 'absent' ? kind : 'crossing', name };
  }
  for (const { timers } of state.regions) {
    for (const timer of timers) if (timer.due === due) return { due, kind: 'after', name: timer.event };
  }
  return { due, kind: 'settle', name: null };
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
