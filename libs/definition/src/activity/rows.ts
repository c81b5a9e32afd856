import { ACTIVITY_TYPES, isName, NAME_LIMIT } from '@perennial/contracts';
import { ROLES, SIGNS } from '../compiled';
import { LIMITS } from '../limits';
import type { Problems } from '../problems';
import { list, object, optional, required } from '../shape/collections';
import type { ObjectOf } from '../shape/collections';
import { freeText, oneOf, text } from '../shape/scalars';
import { roleShape } from './roles';
import type { ProducedRoles } from './roles';

/** Names of properties after dots, and any text in brackets. */
const PATH = /^event\.properties(?:\.[A-Za-z0-9_$-]+|\["[^"]+"\]|\['[^']+'\])+$/;

/**
 * Amounts and currencies are plain paths, not CEL: they run for every activity, before anything else, and amounts must
 * come through exactly, where arithmetic on doubles would not keep them.
 */
const path = (example: string, hint = ''): ReturnType<typeof text> =>
  text({
    pattern: PATH,
    expected: `the path of a property, such as event.properties.${example}${hint}. If its name has blanks or dots, brackets: 'event.properties["Order Total"]', the whole in quotes`,
  });

const properties = {
  event: optional(freeText('the name of a tracked event, such as "Order Completed"')),
  type: optional(oneOf(ACTIVITY_TYPES, 'a type of activity')),
  role: required(roleShape),
  amount: optional(path('total')),
  quantity: optional(path('seats')),
  currency: optional(path('currency', ' (the one currency of all amounts stands at the top of the definition)')),
  sign: optional(oneOf(SIGNS, 'how the source writes the amounts or quantities of the row')),
};

/** One row of the activity catalogue as it is written. */
export type ActivityRow = ObjectOf<typeof properties>;

export const activityShape = list(
  'rows such as { event: "Order Completed", role: purchase }',
  object({ what: 'a row of "activity"', properties }),
  LIMITS.activityRows,
);

/** What each row must say beside its form. */
export function checkRows(rows: readonly ActivityRow[], problems: Problems): void {
  for (const row of rows) {
    if (!row.keys.has('event') && !row.keys.has('type')) {
      problems.error('DEFINITION.MISSING_KEY', row.at, 'A row needs "event", "type" or both, to say what it matches.');
    }
    checkAmount(row, problems);
    if (row.event !== undefined && !isName(row.event.value)) {
      const message = `No activity has this name, so the row never matches: expected a name of ${NAME_LIMIT}.`;
      problems.error('DEFINITION.UNREACHABLE_ROW', row.event.at, message);
    }
    if (row.event !== undefined && row.type !== undefined && row.type.value !== 'track') {
      const message = `A ${row.type.value} activity has no event name, so this row never matches. Remove "event" or "type".`;
      problems.error('DEFINITION.UNREACHABLE_ROW', row.at, message);
    }
  }
}

/** An amount of money, or a quantity: an activity carries one number, and `currency` and `sign` tell how to read it. */
function checkAmount({ at, keys }: ActivityRow, problems: Problems): void {
  const [amount, quantity, currency] = [keys.has('amount'), keys.get('quantity'), keys.get('currency')];
  if (amount && quantity !== undefined) {
    const message = 'A row has an "amount" (money) or a "quantity" (a count), not both. Remove one.';
    problems.error('DEFINITION.CONFLICTING_KEYS', quantity, message);
  } else if (quantity !== undefined && currency !== undefined) {
    const message =
      'A "quantity" is a count of things and has no currency. Remove "currency", or write "amount" for money.';
    problems.error('DEFINITION.CONFLICTING_KEYS', currency, message);
  } else if (currency !== undefined && !amount) {
    const message = 'A row with "currency" needs "amount" too: the currency only tells what the amount is in.';
    problems.error('DEFINITION.MISSING_KEY', at, message);
  }
  if (keys.has('sign') && !amount && quantity === undefined) {
    const message = 'A row with "sign" needs "amount" or "quantity" too: the sign only tells how that is written.';
    problems.error('DEFINITION.MISSING_KEY', at, message);
  }
}

/** The roles that the rows produce; all, while a row has an unreadable one: one mistake is reported once. */
export function producedRoles(rows: readonly ActivityRow[] | undefined): ProducedRoles {
  const roles = rows?.map((row) => row.role?.value) ?? [undefined];
  const readable = roles.filter((role) => role !== undefined);
  return new Set(readable.length === roles.length ? readable : ROLES);
}
