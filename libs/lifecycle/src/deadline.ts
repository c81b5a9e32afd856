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
  if (state.parked) return null;
  let next: Deadline | null = null;
  const offer = (due: Instant | null, kind: DeadlineKind, name: string | null): void => {
    if (due !== null && (next === null || due < next.due)) next = { due, kind, name };
  };
  for (const planned of plan.signals) {
    const { signal } = planned;
    if (signal.kind === 'absent' || signal.kind === 'crossing')
      offer(flipsAt(plan, state, planned), signal.kind, signal.name);
  }
  for (const { timers } of state.regions) {
    for (const { due, event } of timers) if (due > state.horizon) offer(due, 'after', event);
  }
  offer(state.settleAt, 'settle', null);
  return next;
}
