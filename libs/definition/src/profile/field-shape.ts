import { rolesShape } from '../activity/roles';
import { ROLES } from '../compiled';
import type { Role } from '../compiled';
import { LIMITS } from '../limits';
import { either, mapped } from '../shape/choices';
import { list, optional, record, required } from '../shape/collections';
import type { Entry } from '../shape/collections';
import { identifierOf } from '../shape/names';
import { choice, duration } from '../shape/scalars';
import { variants } from '../shape/variants';
import type { VariantOf } from '../shape/variants';
import type { Located } from '../yaml-tree';

/** A role whose amounts are added or, with a minus before it, subtracted. */
export interface Term {
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

export type WrittenField = VariantOf<{
  count: typeof count;
  sum: typeof sum;
  gaps: typeof gaps;
  decayed: typeof decayed;
}>;
export type FieldEntry = Entry<WrittenField>;
export const profileShape = record(identifierOf('field'), fieldShape, LIMITS.fields);
