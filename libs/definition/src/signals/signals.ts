import { checkRoles, orAll, type ProducedRoles, rolesShape } from '../activity/roles';
import type { Signal } from '../compiled';
import { LIMITS } from '../limits';
import { type Bounds, boundsOf, interval } from '../predicate/bounds';
import type { Scope } from '../predicate/names';
import { type Expression, expressionShape } from '../predicate/parse';
import { type CheckedPredicate, compilePredicate } from '../predicate/predicate';
import type { Problems } from '../problems';
import { either } from '../shape/choices';
import { type Entry, optional, record, required } from '../shape/collections';
import { checkNames, nameOf } from '../shape/names';
import { boolean, delay, freeText, positive } from '../shape/scalars';
import { type VariantOf, variants } from '../shape/variants';
import { didYouMean } from '../spelling';
import type { Located } from '../yaml-tree';

const edge = optional(boolean('true when only the moment of turning on counts'));
const threshold = positive('number', 'a number above zero');
const of = required(freeText('the name of a decayed field'));

/** How long an absence lasts. Rhythms (the customer's own pace) are planned: known well enough to say so. */
const absenceShape = either(
  'a duration such as P60D',
  { scalar: delay() },
  { map: { code: 'DEFINITION.NOT_YET', reason: 'The engine knows no rhythm durations yet. Write a fixed one: P60D.' } },
);

const level = { when: required(expressionShape), until: optional(expressionShape), edge };
const absent = { absent: required(rolesShape), for: required(absenceShape), edge };
const pulse = {
  on: required(rolesShape),
  when: optional(expressionShape),
  publish: optional(boolean('true when each pulse is published as a fact')),
};
const below = { below: required(threshold), of, edge };
const above = { above: required(threshold), of, edge };

const ALWAYS_PUBLISHED = { publish: 'its flips are always published; only a pulse (on) leaves the choice.' };
const ALWAYS_EDGE = { edge: 'a pulse (on) is nothing but a moment.' };

const signalShape = variants('a signal', {
  when: { what: 'a signal with "when"', properties: level, refused: ALWAYS_PUBLISHED },
  absent: { what: 'a signal with "absent"', properties: absent, refused: ALWAYS_PUBLISHED },
  on: { what: 'a signal with "on"', properties: pulse, refused: ALWAYS_EDGE },
  below: { what: 'a signal with "below"', properties: below, refused: ALWAYS_PUBLISHED },
  above: { what: 'a signal with "above"', properties: above, refused: ALWAYS_PUBLISHED },
});

type WrittenSignal = VariantOf<{
  when: typeof level;
  absent: typeof absent;
  on: typeof pulse;
  below: typeof below;
  above: typeof above;
}>;
type SignalEntry = Entry<WrittenSignal>;
/** Signals by name, in the order of offering. */
export const signalsShape = record(nameOf('signal'), signalShape, LIMITS.signals);

/** A signal, and what the profile is known to be like while it is on. */
export interface CheckedSignal {
  readonly signal: Signal;
  readonly bounds: Bounds;
}
type Head = Pick<Signal, 'name' | 'edge' | 'publish'>;
const ANYTHING: Bounds = new Map();

/** Compiles signals in the order of the source; wrong ones are left out after being reported. */
export class SignalCompiler {
  constructor(
    private readonly scope: Scope,
    private readonly produced: ProducedRoles,
    private readonly problems: Problems,
  ) {}

  compile(entries: readonly SignalEntry[]): readonly CheckedSignal[] {
    const names = entries.map((entry) => entry.name);
    checkNames('signal', names, this.problems);
    for (const { value, at } of names) {
      if (!this.scope.has(value)) continue;
      const message = `A field of the profile is called "${value}" too, and reports name both. Rename one of them.`;
      this.problems.error('DEFINITION.NAME_CLASH', at, message);
    }
    return entries.flatMap(({ name, value }) => {
      const signal = value === null ? null : this.signal(name.value, value);
      return signal === null ? [] : [signal];
    });
  }

  private signal(name: string, written: WrittenSignal): CheckedSignal | null {
    const edge = 'edge' in written.read ? (written.read.edge?.value ?? false) : false;
    const head = { name, edge, publish: false };
    switch (written.form) {
      case 'when':
        return this.level(head, written.read.when, written.read.until);
      case 'absent':
        return this.absence(head, written.read);
      case 'on':
        return this.pulse({ ...head, publish: written.read.publish?.value ?? false }, written.read);
      case 'below':
        return this.crossing(head, written.read.below, written.read.of, 'below');
      case 'above':
        return this.crossing(head, written.read.above, written.read.of, 'above');
    }
  }

  private level(head: Head, when?: Expression, until?: Expression): CheckedSignal | null {
    const on = when === undefined ? null : this.timeless(when);
    const off = until === undefined ? null : this.timeless(until);
    if (on === null || (until !== undefined && off === null)) return null;
    const signal: Signal = { ...head, kind: 'level', when: on.predicate, until: off?.predicate ?? null };
    // With `until` it stays on beyond what `when` says.
    return { signal, bounds: off === null ? boundsOf(on.ast) : ANYTHING };
  }

  private absence(
    head: Head,
    { absent, for: length }: Extract<WrittenSignal, { form: 'absent' }>['read'],
  ): CheckedSignal | null {
    const roles = absent && checkRoles(absent, this.produced, this.problems);
    if (roles === undefined || length === undefined) return null;
    return { signal: { ...head, kind: 'absent', roles, forMs: length.value }, bounds: ANYTHING };
  }

  private pulse(head: Head, { on, when }: Extract<WrittenSignal, { form: 'on' }>['read']): CheckedSignal | null {
    const roles = on && orAll(checkRoles(on, this.produced, this.problems));
    const condition = when === undefined ? null : compilePredicate(when, this.scope, this.problems);
    if (roles === undefined || (when !== undefined && condition === null)) return null;
    return { signal: { ...head, kind: 'pulse', roles, when: condition?.predicate ?? null }, bounds: ANYTHING };
  }

  private crossing(
    head: Head,
    threshold: Located<number> | undefined,
    of: Located<string> | undefined,
    direction: 'below' | 'above',
  ): CheckedSignal | null {
    const field = of && this.decayedField(of);
    if (of === undefined || field === undefined || threshold === undefined) return null;
    const bounds = new Map([[of.value, interval(direction === 'below' ? '<' : '>', threshold.value)]]);
    return { signal: { ...head, kind: 'crossing', field, direction, threshold: threshold.value }, bounds };
  }

  private decayedField(of: Located<string>): number | undefined {
    const field = this.scope.get(of.value);
    if (field?.kind === 'decayed') return field.index;
    if (field?.kind === 'unknown') return undefined;
    const doesNotDecay = `"${of.value}" does not decay, so no time of crossing can be solved. Write a condition with "when" instead.`;
    const message = field === undefined ? (): string => this.unknownField(of.value) : doesNotDecay;
    this.problems.error('DEFINITION.UNKNOWN_FIELD', of.at, message);
    return undefined;
  }

  private unknownField(name: string): string {
    const decayed = [...this.scope].filter(([, { kind }]) => kind === 'decayed').map(([field]) => field);
    return `The profile has no field "${name}"; name a decayed field alone.${didYouMean(name, decayed)}`;
  }

  /** A condition that only activity can change: nobody looks at it between two activities. */
  private timeless(expression: Expression): CheckedPredicate | null {
    const checked = compilePredicate(expression, this.scope, this.problems);
    for (const [name, { index, kind }] of this.scope) {
      if (kind !== 'decayed' || checked?.predicate.fields.includes(index) !== true) continue;
      this.problems.error('DEFINITION.TIME_DEPENDENT', expression.at, timeDependent(name));
    }
    return checked;
  }
}

function timeDependent(field: string): string {
  return `profile.${field} decays, so this would change by the passing of time alone, when nothing looks at it. Write { below: NUMBER, of: ${field} } or { above: NUMBER, of: ${field} }, whose time of crossing is solved.`;
}
