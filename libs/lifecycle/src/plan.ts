import type { Instant } from '@perennial/values';
import type { CompiledDefinition, Field, FieldValue, Predicate, Role, Signal } from '@perennial/definition';
import { Chart, type Step } from './statechart';
import { type Folded, type Folding } from './folds/fold';
import { NO_INSTANT } from '@perennial/codec';
import { foldingOf } from './folds/registry';

/** A definition laid out for running: indexes instead of names, one list of work per role. Built once, shared by all customers. */
export interface Plan {
  readonly definition: CompiledDefinition;
  readonly charts: readonly Chart[];
  readonly fields: readonly PlannedField[];
  /** Of a new customer: all slots, no role seen, no signal on. */
  readonly slots: readonly number[];
  readonly never: readonly Instant[];
  readonly off: readonly boolean[];
  readonly signals: readonly PlannedSignal[];
  /** Those that flip by the passing of time alone. */
  readonly timed: readonly PlannedSignal[];
  readonly byRole: ReadonlyMap<Role, RolePlan>;
  readonly onStep: OnStep | null;
}

/**
 * Told of each step that a region takes, re-entries included, entries excluded: the region's index, and the signal or the
 * event of the `after` that it was taken for. Tests measure their coverage by it.
 */
export type OnStep = (region: number, step: Step, trigger: string) => void;

/** A field of the profile, and where its slots are. */
interface PlannedField {
  readonly field: Field;
  readonly folding: Folding;
  /** First slot. */
  readonly start: number;
}

/** A signal, and what evaluating it needs. */
export interface PlannedSignal {
  readonly signal: Signal;
  readonly index: number;
  /** Role indexes whose activity it waits for; empty for level and crossing signals; null: any. */
  readonly roles: readonly number[] | null;
  /** The `when` of a level or pulse. */
  readonly when: Condition | null;
  /** The `until` of a level. */
  readonly until: Condition | null;
}

/** A predicate, ready to be asked. */
export interface Condition {
  readonly test: Predicate['test'];
  readonly fields: readonly PlannedField[];
  /** What `test` reads, filled in before each call: one object instead of one a call. */
  readonly profile: Record<string, FieldValue>;
}

/** What an activity of one role touches. */
interface RolePlan {
  /** Index in `lastAt`: the order of the definition's roles. */
  readonly index: number;
  readonly folds: readonly ((slots: number[], activity: Folded) => void)[];
  /** Pulse signals that wait for the role. */
  readonly pulses: readonly PlannedSignal[];
}

/** Builds the plan of a definition, with a machine of XState for each region: once for all customers. */
export function createPlan(definition: CompiledDefinition, onStep: OnStep | null = null): Plan {
  const { roles } = definition;
  const fields = layOut(definition.fields);
  const signals = definition.signals.map((signal, index) => ({
    signal,
    index,
    roles: awaited(signal, roles),
    when: condition('when' in signal ? signal.when : null, fields),
    until: condition('until' in signal ? signal.until : null, fields),
  }));
  const names = definition.signals.map((signal) => signal.name);
  const pulses = (role: number): PlannedSignal[] =>
    signals.filter((planned) => planned.signal.kind === 'pulse' && planned.roles?.includes(role) === true);
  return {
    definition,
    charts: definition.regions.map((region) => new Chart(region, names)),
    fields,
    slots: fields.flatMap(({ folding }) => folding.init),
    never: roles.map(() => NO_INSTANT),
    off: signals.map(() => false),
    signals,
    timed: signals.filter(({ signal: { kind } }) => kind === 'absent' || kind === 'crossing'),
    byRole: new Map(roles.map((role, index) => [role, { index, folds: foldsOf(role, fields), pulses: pulses(index) }])),
    onStep,
  };
}

/** Whether a condition holds for the profile at an instant. */
export function holds({ test, fields, profile }: Condition, slots: readonly number[], at: number): boolean {
  for (const { field, folding, start } of fields) profile[field.name] = folding.read(slots, start, at);
  return test(profile);
}

function condition(predicate: Predicate | null, fields: readonly PlannedField[]): Condition | null {
  if (predicate === null) return null;
  const read = predicate.fields.flatMap((index) => fields[index] ?? []);
  return { test: predicate.test, fields: read, profile: {} };
}

function layOut(fields: readonly Field[]): PlannedField[] {
  let start = 0;
  return fields.map((field) => {
    const folding = foldingOf(field);
    const planned = { field, folding, start };
    start += folding.init.length;
    return planned;
  });
}

function foldsOf(role: Role, fields: readonly PlannedField[]): RolePlan['folds'] {
  return fields.flatMap(({ field, folding, start }) => {
    const sign = signOf(field, role);
    if (sign === 0) return [];
    if (sign === 1)
      return [
        (slots: number[], activity: Folded) => {
          folding.add(slots, start, activity);
        },
      ];
    return [
      (slots: number[], activity: Folded) => {
        folding.add(slots, start, { ...activity, amount: -activity.amount });
      },
    ];
  });
}

/** How a field takes an activity of this role: added, subtracted, or not at all. */
function signOf(field: Field, role: Role): 1 | -1 | 0 {
  if (field.kind === 'sum') return field.plus.includes(role) ? 1 : field.minus.includes(role) ? -1 : 0;
  return field.roles.includes(role) ? 1 : 0;
}

function awaited(signal: Signal, roles: readonly Role[]): readonly number[] | null {
  if (signal.kind === 'level' || signal.kind === 'crossing') return [];
  if (signal.roles === 'any') return null;
  return signal.roles.map((role) => roles.indexOf(role));
}
