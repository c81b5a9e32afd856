import { checkRoles, orAll } from '../activity/roles';
import type { ProducedRoles } from '../activity/roles';
import type { Signal } from '../compiled';
import { boundsOf, interval } from '../predicate/bounds';
import type { Bounds } from '../predicate/bounds';
import type { Expression } from '../predicate/expression';
import { compilePredicate } from '../predicate/predicate';
import type { CheckedPredicate } from '../predicate/predicate';
import type { Scope } from '../predicate/scope';
import type { Problems } from '../problems';
import { checkNames } from '../shape/names';
import { didYouMean } from '../spelling';
import type { Located } from '../yaml-tree';
import type { SignalEntry, WrittenSignal } from './signal-shape';

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
