import { formatDuration, formatInstant, type Instant, LAST_INSTANT } from '@perennial/values';
import { type FieldValue, labelOf } from '@perennial/definition';
import { activeStates, readAfter } from './state-path';
import { type Deadline, nextDeadline } from './deadlines';
import { lastMove } from './snapshot';
import type { Plan } from './plan';
import type { CustomerState, LastMove } from './state';

/** What people are shown of a customer: stage, why, profile, next deadline. Instants as RFC 3339 text. */
export interface CustomerView {
  readonly stage: string;
  readonly since: string;
  readonly regions: Readonly<Record<string, string>>;
  /** view → the label that the customer has in it. */
  readonly views: Readonly<Record<string, string>>;
  readonly why: Omit<LastMove, 'occurredAt'> & { readonly occurredAt: string };
  readonly profile: Readonly<Record<string, FieldValue>>;
  /** Profile fields that are minor units of `currency`. */
  readonly amounts: readonly string[];
  readonly currency: string | null;
  /** Names of the signals that are on. */
  readonly on: readonly string[];
  /**
   * Null also when it is later than the year 9999. An `after` is named as definitions and lifecycle tests name it:
   * `away after P7D`, of another region than the stages `#billing.paid after P45D`.
   */
  readonly nextDeadline: (Omit<Deadline, 'due'> & { readonly due: string }) | null;
  readonly firstActivityAt: string;
  readonly newestActivityAt: string;
  readonly sequence: number;
  readonly definition: { readonly name: string; readonly version: number };
  readonly parked: boolean;
}

/** The profile is read at `at`, decays included; default: the customer's horizon. */
export function view(plan: Plan, state: CustomerState, at: Instant = state.horizon): CustomerView {
  const [stage] = state.regions;
  const why = lastMove(state);
  const due = nextDeadline(plan, state);
  const { definition } = plan;
  const active = stage === undefined ? [] : activeStates(stage.configuration);
  return {
    stage: stage?.configuration.top ?? '',
    since: formatInstant(stage?.enteredAt ?? state.firstAt),
    regions: Object.fromEntries(
      state.regions.map(({ configuration }, index) => [definition.regions[index]?.name ?? '', configuration.path]),
    ),
    views: Object.fromEntries(
      Object.entries(definition.views).map(([name, labels]) => [name, labelOf(labels, active)]),
    ),
    why: { ...why, occurredAt: formatInstant(why.occurredAt) },
    profile: Object.fromEntries(
      plan.fields.map(({ field, folding, start }) => [field.name, folding.read(state.slots, start, at)]),
    ),
    amounts: plan.fields
      .filter(({ field }) => field.kind === 'sum' && field.unit === 'money')
      .map(({ field }) => field.name),
    currency: definition.currency,
    on: plan.signals.filter(({ index }) => state.on[index] === true).map(({ signal }) => signal.name),
    nextDeadline: due === null || due.due > LAST_INSTANT ? null : { ...named(due), due: formatInstant(due.due) },
    firstActivityAt: formatInstant(state.firstAt),
    newestActivityAt: formatInstant(state.newestStatedAt),
    sequence: state.sequence,
    definition: { name: definition.name, version: definition.version },
    parked: state.parked,
  };
}

function named(deadline: Deadline): Deadline {
  const after = deadline.name === null ? null : readAfter(deadline.name);
  if (after === null) return deadline;
  const state = after.state.startsWith(STAGE) ? after.state.slice(STAGE.length) : `#${after.state}`;
  return { ...deadline, name: `${state} after ${formatDuration(after.delay)}` };
}

/** Before the paths of the stage region's states. */
const STAGE = 'stage.';
