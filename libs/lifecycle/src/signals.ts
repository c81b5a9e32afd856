/** signal: which conditions turn on, turn off or pulse at an instant (product.md §4.2). */
import type { Instant, Millis } from '@perennial/values';
import type { Signal } from '@perennial/definition';
import { decayedAt, sinksAt } from './folds/decayed';
import { NO_INSTANT } from '@perennial/codec';
import { type Condition, holds, type Plan, type PlannedSignal } from './plan';
import { MAIN_CYCLE, type Moment, type Run } from './evaluation';
import type { CustomerState } from './state';

/** When a signal was last matched: the newest activity it waits for; null before the first. */
export function lastMatch(state: Pick<CustomerState, 'lastAt'>, roles: readonly number[] | null): Instant | null {
  let newest = NO_INSTANT;
  if (roles === null) for (const at of state.lastAt) newest = Math.max(newest, at);
  else for (const role of roles) newest = Math.max(newest, state.lastAt[role] ?? NO_INSTANT);
  return newest === NO_INSTANT ? null : newest;
}

/** When an absence falls due: from the last match, else from the first activity. */
const absentFrom = (state: CustomerState, planned: PlannedSignal, forMs: Millis): Instant =>
  (lastMatch(state, planned.roles) ?? state.firstAt) + forMs;

/** Every signal of the customer at `at`; flips become facts and are stored in the draft. `pulsed` is known to the caller. */
export function flip(run: Run, at: Instant, occasion: Moment['occasion'], pulsed: readonly number[]): Moment {
  const { plan, draft, facts } = run;
  const turnedOn: number[] = [];
  let flipped = false;
  const activityId = occasion.kind === 'activity' ? occasion.activityId : null;
  for (const planned of plan.signals) {
    const { signal, index } = planned;
    const before = draft.on[index] ?? false;
    const after = signal.kind === 'pulse' ? false : isOn(plan, draft, planned, at, occasion.kind, before);
    const change =
      after === before ? (signal.publish && pulsed.includes(index) ? 'pulse' : null) : after ? 'on' : 'off';
    if (change === null) continue;
    facts.push({ kind: 'signal', cycle: MAIN_CYCLE, signal: signal.name, change, occurredAt: at, activityId });
    draft.on[index] = after;
    flipped ||= change !== 'pulse';
    if (after) turnedOn.push(index);
  }
  return { at, occasion, turnedOn, flipped, pulsed };
}

function isOn(
  plan: Plan,
  state: CustomerState,
  planned: PlannedSignal,
  at: Instant,
  occasion: Moment['occasion']['kind'],
  before: boolean,
): boolean {
  const { signal } = planned;
  switch (signal.kind) {
    case 'level':
      // A level signal reads nothing that the passing of time changes.
      return occasion === 'deadline' ? before : level(planned, state, at, before);
    case 'absent':
      return at >= absentFrom(state, planned, signal.forMs);
    case 'crossing':
      return crossed(plan, state, signal, at);
    case 'pulse':
      return false;
  }
}

function level({ when, until }: PlannedSignal, { slots }: CustomerState, at: Instant, before: boolean): boolean {
  const turnsOff = (): boolean => isMet(until, slots, at);
  return before ? (until === null ? isMet(when, slots, at) : !turnsOff()) : isMet(when, slots, at) && !turnsOff();
}

const isMet = (condition: Condition | null, slots: readonly number[], at: Instant): boolean =>
  condition !== null && holds(condition, slots, at);

function crossed(plan: Plan, state: CustomerState, signal: Signal & { kind: 'crossing' }, at: Instant): boolean {
  const planned = plan.fields[signal.field];
  if (planned?.field.kind !== 'decayed') return false;
  const value = decayedAt(state.slots, planned.start, at, planned.field.halfLifeMs);
  return signal.direction === 'below' ? value < signal.threshold : value > signal.threshold;
}

/** When a signal will flip by the passing of time alone; null when it will not. Always later than the horizon. */
export function flipsAt(plan: Plan, state: CustomerState, planned: PlannedSignal): Instant | null {
  const { signal, index } = planned;
  const on = state.on[index] ?? false;
  if (signal.kind === 'absent') return on ? null : absentFrom(state, planned, signal.forMs);
  if (signal.kind !== 'crossing') return null;
  const field = plan.fields[signal.field];
  if (field?.field.kind !== 'decayed') return null;
  const below = signal.direction === 'below';
  if (on === below) return null;
  const sunk = { threshold: signal.threshold, orEqual: !below };
  return sinksAt(state.slots, field.start, field.field.halfLifeMs, sunk, state.horizon);
}
