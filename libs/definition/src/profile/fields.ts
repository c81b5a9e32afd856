import { checkRoles, orAll, type ProducedRoles, type RoleChoice, rolesShape } from '../activity/roles';
import type { ActivityRow } from '../activity/rows';
import { type Field, type Role, ROLES, type SumUnit } from '../compiled';
import { LIMITS } from '../limits';
import type { Problems } from '../problems';
import { either, mapped } from '../shape/choices';
import { type Entry, list, optional, record, required } from '../shape/collections';
import { checkNames, identifierOf } from '../shape/names';
import { choice, duration } from '../shape/scalars';
import { type VariantOf, variants } from '../shape/variants';
import type { Located } from '../yaml-tree';

/** A role whose amounts are added or, with a minus before it, subtracted. */
interface Term {
  readonly role: Role;
  readonly negative: boolean;
}

const terms = ROLES.map((role): [string, Term] => [role, { role, negative: false }]);
const negated = ROLES.map((role): [string, Term] => [`-${role}`, { role, negative: true }]);
const termShape = choice(new Map([...terms, ...negated]), 'a role, or a role with a minus');
const termsShape = either<readonly Located<Term>[]>('roles whose amounts to add, such as [purchase, -refund]', {
  scalar: mapped(termShape, (term) => [term]),
  list: list('roles', termShape, ROLES.length),
});

const count = { count: required(rolesShape), occasion: optional(duration()) };
const sum = { sum: required(termsShape) };
const gaps = { gaps: required(rolesShape), occasion: optional(duration()) };
const decayed = { decayed: required(rolesShape), halfLife: required(duration()) };

const fieldShape = variants('a field of the profile', {
  count: { what: 'a count', properties: count },
  sum: { what: 'a sum', properties: sum },
  gaps: { what: 'a field of gaps', properties: gaps },
  decayed: { what: 'a decayed field', properties: decayed },
});

type WrittenField = VariantOf<{
  count: typeof count;
  sum: typeof sum;
  gaps: typeof gaps;
  decayed: typeof decayed;
}>;
/** A field as it is written. */
export type FieldEntry = Entry<WrittenField>;
/** The profile: fields by name. */
export const profileShape = record(identifierOf('field'), fieldShape, LIMITS.fields);

/** Words of CEL, which no field can be named after: `profile.in` does not parse. */
const CEL_WORDS = ['in', 'true', 'false', 'null'];

const MIXED_UNITS =
  'Rows of these roles have an "amount" (money) and a "quantity" (a count), which cannot be added up. Sum each in a field of its own; rows of one role that differ need roles of their own.';

/** Compiles the fields of the profile, in the order of the source; wrong ones are left out after being reported. */
export class FieldCompiler {
  constructor(
    private readonly rows: readonly ActivityRow[],
    private readonly produced: ProducedRoles,
    private readonly problems: Problems,
  ) {}

  compile(entries: readonly FieldEntry[]): readonly Field[] {
    checkNames(
      'field',
      entries.map((entry) => entry.name),
      this.problems,
    );
    return entries.flatMap(({ name, value }) => {
      this.checkSpelling(name);
      const field = value === null ? undefined : this.field(name.value, value);
      return field === undefined ? [] : [field];
    });
  }

  private checkSpelling(name: Located<string>): void {
    if (!CEL_WORDS.includes(name.value)) return;
    this.problems.error('DEFINITION.NAME', name.at, `"${name.value}" is a word of CEL; give the field another name.`);
  }

  private field(name: string, written: WrittenField): Field | undefined {
    switch (written.form) {
      case 'count': {
        const roles = this.roles(written.read.count);
        return roles && { name, kind: 'count', roles, occasionMs: written.read.occasion?.value ?? null };
      }
      case 'gaps': {
        const roles = this.roles(written.read.gaps);
        return roles && { name, kind: 'gaps', roles, occasionMs: written.read.occasion?.value ?? null };
      }
      case 'decayed': {
        const roles = this.roles(written.read.decayed);
        const halfLifeMs = written.read.halfLife?.value;
        return roles && halfLifeMs !== undefined ? { name, kind: 'decayed', roles, halfLifeMs } : undefined;
      }
      case 'sum':
        return written.read.sum && this.sum(name, written.read.sum);
    }
  }

  private sum(name: string, terms: readonly Located<Term>[]): Field {
    const roles = terms.map(({ value, at }) => ({ value: value.role, at }));
    this.roles(roles);
    for (const role of roles) this.checkAmount(role);
    const having = (negative: boolean): Role[] =>
      terms.filter(({ value }) => value.negative === negative).map(({ value }) => value.role);
    return { name, kind: 'sum', plus: having(false), minus: having(true), unit: this.unit(roles) };
  }

  private roles(choice: RoleChoice | undefined): readonly Role[] | undefined {
    return choice && orAll(checkRoles(choice, this.produced, this.problems));
  }

  /** What the rows of the roles are in; reported when they are not all in the same. */
  private unit(roles: readonly Located<Role>[]): SumUnit {
    let unit: SumUnit | null = null;
    for (const role of roles) {
      for (const row of this.rowsOf(role.value)) {
        const own = unitOf(row);
        if (unit !== null && own !== null && own !== unit) {
          this.problems.error('DEFINITION.MIXED_UNITS', role.at, MIXED_UNITS);
          return unit;
        }
        unit ??= own;
      }
    }
    return unit ?? 'money';
  }

  private checkAmount(role: Located<Role>): void {
    const rows = this.rowsOf(role.value);
    if (rows.length === 0 || rows.some((row) => unitOf(row) !== null)) return;
    const message = `No row with the role "${role.value}" has an "amount" or a "quantity", so there is nothing to sum. Add the path of it.`;
    this.problems.error('DEFINITION.SUM_WITHOUT_AMOUNT', role.at, message);
  }

  private rowsOf(role: Role): readonly ActivityRow[] {
    return this.rows.filter((row) => row.role?.value === role);
  }
}

/** Null when a row reads no number. */
function unitOf({ keys }: ActivityRow): SumUnit | null {
  return keys.has('amount') ? 'money' : keys.has('quantity') ? 'count' : null;
}
