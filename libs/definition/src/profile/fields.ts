import { checkRoles, orAll } from '../activity/roles';
import type { ProducedRoles, RoleChoice } from '../activity/roles';
import type { ActivityRow } from '../activity/rows';
import type { Field, Role } from '../compiled';
import type { Problems } from '../problems';
import { checkNames } from '../shape/names';
import type { Located } from '../yaml-tree';
import type { FieldEntry, Term, WrittenField } from './field-shape';

/** Words of CEL, which no field can be named after: `profile.in` does not parse. */
const CEL_WORDS = ['in', 'true', 'false', 'null'];

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
    return { name, kind: 'sum', plus: having(false), minus: having(true) };
  }

  private roles(choice: RoleChoice | undefined): readonly Role[] | undefined {
    return choice && orAll(checkRoles(choice, this.produced, this.problems));
  }

  private checkAmount(role: Located<Role>): void {
    const rows = this.rows.filter((row) => row.role?.value === role.value);
    if (rows.length === 0 || rows.some((row) => row.keys.has('amount'))) return;
    const message = `No row with the role "${role.value}" has an "amount", so there is nothing to sum. Add the path of it.`;
    this.problems.error('DEFINITION.SUM_WITHOUT_AMOUNT', role.at, message);
  }
}
