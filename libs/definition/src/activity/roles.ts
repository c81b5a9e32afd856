import { ROLES } from '../compiled';
import type { Role } from '../compiled';
import type { Problems } from '../problems';
import { either, mapped } from '../shape/choices';
import { list } from '../shape/collections';
import { oneOf } from '../shape/scalars';
import type { Located } from '../yaml-tree';

/** Roles as a field or a signal names them. */
export type RoleChoice = Located<'any'> | readonly Located<Role>[];

export const roleShape = oneOf(ROLES, 'a role');

/** One role, a list of roles, or `any`. */
export const rolesShape = either<RoleChoice>('a role, a list of roles, or any', {
  scalar: mapped(
    oneOf([...ROLES, 'any'], 'a role'),
    ({ value, at }): RoleChoice => (value === 'any' ? { value, at } : [{ value, at }]),
  ),
  list: list('roles', roleShape, ROLES.length),
});

/** The roles that the activity rows produce. */
export type ProducedRoles = ReadonlySet<Role>;

/** The chosen roles, checked: written once, and produced by a row, since no activity would ever have them else. */
export function checkRoles(choice: RoleChoice, produced: ProducedRoles, problems: Problems): readonly Role[] | 'any' {
  if ('value' in choice) return 'any';
  checkDistinct(choice, problems);
  for (const { value, at } of choice) {
    if (!produced.has(value)) problems.error('DEFINITION.ROLE_WITHOUT_ROW', at, withoutRow(value, produced));
  }
  return choice.map((role) => role.value);
}

function checkDistinct(roles: readonly Located<Role>[], problems: Problems): void {
  const seen = new Set<Role>();
  for (const { value, at } of roles) {
    if (seen.has(value)) problems.error('DEFINITION.VALUE', at, `The role "${value}" is listed twice. Remove one.`);
    seen.add(value);
  }
}

/** Any catalogued activity has one of the roles. */
export function orAll(roles: readonly Role[] | 'any'): readonly Role[] {
  return roles === 'any' ? ROLES : roles;
}

function withoutRow(role: Role, produced: ProducedRoles): string {
  const rows = produced.size === 0 ? 'no row has a role' : `rows produce ${[...produced].join(', ')}`;
  return `No row of "activity" has the role "${role}" (${rows}), so this would never happen. Add a row or use its role.`;
}
