/** decide: one input of one customer → next state, facts, deadline. Pure: time and ids are inputs. */
import type { Activity, Fact } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import type { Catalogued } from '@perennial/definition';
import { advance, nextDue } from './deadlines';
import { remember, type Repetition, repetition } from './dedupe';
import { NO_INSTANT } from '@perennial/codec';
import { holds, type Plan, type PlannedSignal } from './plan';
import { enter, fold, MAIN_CYCLE, newRun, type Run } from './evaluation';
import { flip, lastMatch } from './signals';
import { type CustomerState, copyOf, type Draft } from './state';
import { step } from './step';

export type Input =
  | {
      readonly kind: 'activity';
      readonly activity: Activity;
      /** Event time as the producer stated it. `now` is the time it takes effect: the same, or the append time if that is too far ahead. */
      readonly statedAt: Instant;
      /** Off in replay: history is taken to hold each activity once. */
      readonly dedupe: boolean;
    }
  /** The customer's deadlines up to `now` are to fire. */
  | { readonly kind: 'clock' };

export interface Question {
  /** Null for a customer not yet known. */
  readonly state: CustomerState | null;
  readonly input: Input;
  /** The instant of the input, in the tenant's time. */
  readonly now: Instant;
}

/**
 * What became of the input. `ignored`: no row of the catalogue matches; `refused`: its amount is beyond what is kept exactly;
 * `late` and `unverifiable` took effect as late.
 */
export type Outcome = 'taken' | 'late' | 'unverifiable' | 'duplicate' | 'ignored' | 'refused' | 'advanced';

export interface Decision {
  readonly outcome: Outcome;
  readonly state: CustomerState | null;
  /** False: the state is as it was. */
  readonly changed: boolean;
  readonly facts: readonly Fact[];
  /** What to do with the customer's one deadline row: null removes it, undefined leaves it. */
  readonly deadline: Instant | null | undefined;
  /** How many instants of deadlines were evaluated: what the decision cost. */
  readonly evaluations: number;
  readonly flaw: (Catalogued & { kind: 'catalogued' })['flaw'];
}

/** Decides one input of one customer. `decide` copies the state first and does not change it. */
export function decide(plan: Plan, question: Question): Decision {
  const { state } = question;
  const decision = decideInPlace(plan, { ...question, state: state === null ? null : copyOf(state) });
  return decision.changed ? decision : { ...decision, state };
}

/**
 * Decides as {@link decide} does, and changes the state in place: the caller must not read the state that it gave afterwards.
 * The hot path of the engine and of a replay calls it, since a copy for each activity costs more than most decisions.
 */
export function decideInPlace(plan: Plan, { state, input, now }: Question): Decision {
  const draft = state as Draft | null;
  return input.kind === 'clock' ? decideClock(plan, draft, now) : decideActivity(plan, draft, input, now);
}

function decideClock(plan: Plan, state: Draft | null, now: Instant): Decision {
  if (state === null) return unchanged('advanced', null);
  const run = newRun(plan, state);
  advance(run, now);
  return settled(run, 'advanced', null, true);
}

function decideActivity(plan: Plan, state: Draft | null, input: Input & { kind: 'activity' }, now: Instant): Decision {
  const { activity, statedAt } = input;
  const catalogued = plan.definition.catalogue(activity);
  if (catalogued.kind === 'uncatalogued') return unchanged('ignored', state);
  if (catalogued.flaw === 'amount-out-of-range') return unchanged('refused', state);
  const repeat = judge(state, input);
  if (repeat === 'duplicate') return unchanged('duplicate', state);
  const run = state === null ? enter(plan, activity, now) : newRun(plan, state);
  const { draft } = run;
  advance(run, now);
  const late = repeat === 'unverifiable' || now < draft.horizon;
  take(run, catalogued, { activity, now, late });
  draft.newestStatedAt = Math.max(draft.newestStatedAt, statedAt);
  if (input.dedupe) {
    draft.recent = remember(draft.recent, activity, statedAt, plan.definition.recentIds);
  }
  const outcome = repeat === 'unverifiable' ? 'unverifiable' : late ? 'late' : 'taken';
  return settled(run, outcome, catalogued.flaw, false);
}

function judge(state: CustomerState | null, { activity, statedAt, dedupe }: Input & { kind: 'activity' }): Repetition {
  if (state === null || !dedupe) return 'new';
  return repetition(state.recent, state.newestStatedAt, activity, statedAt);
}

/** fold → signal → step, at the activity's instant, or at the horizon when it is late. */
function take(
  run: Run,
  { role, amount }: Catalogued & { kind: 'catalogued' },
  { activity, now, late }: { readonly activity: Activity; readonly now: Instant; readonly late: boolean },
): void {
  const { plan, draft } = run;
  const waiting = plan.byRole.get(role)?.pulses ?? NONE;
  const fresh = late ? waiting.filter(({ roles }) => now > (lastMatch(draft, roles) ?? NO_INSTANT)) : waiting;
  fold(plan, draft, role, { at: now, amount: amount ?? 0, late });
  draft.horizon = Math.max(draft.horizon, now);
  if (draft.parked) return;
  const pulsed: number[] = [];
  for (const planned of fresh) if (pulses(run, planned)) pulsed.push(planned.index);
  step(run, flip(run, draft.horizon, { kind: 'activity', activityId: activity.id }, pulsed));
}

const NONE: readonly PlannedSignal[] = [];

/** Whether a matching pulse is let through by its condition, at the instant it is evaluated. */
function pulses({ draft }: Run, { when }: PlannedSignal): boolean {
  return when === null || holds(when, draft.slots, draft.horizon);
}

/** `state.v1` is written when the stage was left or entered, also when the input leads back to where it began. */
function settled(run: Run, outcome: Outcome, flaw: Decision['flaw'], rearm: boolean): Decision {
  const { plan, draft, facts, evaluations } = run;
  const stage = draft.regions[0];
  if (stage !== undefined && run.newStage) {
    facts.push({ kind: 'state', cycle: MAIN_CYCLE, stage: stage.configuration.top, since: stage.enteredAt });
  }
  const deadline = arm(plan, draft, rearm);
  return { outcome, state: draft, changed: true, facts, deadline, evaluations, flaw };
}

/** A row at or before the earliest true deadline will do (lazy re-arming), unless its own clock has just come. */
function arm(plan: Plan, draft: Draft, rearm: boolean): Instant | null | undefined {
  const next = nextDue(plan, draft);
  const due = next === Infinity ? null : next;
  const armed = draft.armed;
  if (!rearm && (due === null || (armed !== null && armed <= due))) return undefined;
  draft.armed = due;
  return due;
}

const unchanged = (outcome: Outcome, state: CustomerState | null): Decision => ({
  outcome,
  state,
  changed: false,
  facts: [],
  deadline: undefined,
  evaluations: 0,
  flaw: null,
});
