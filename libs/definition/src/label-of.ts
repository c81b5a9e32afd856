import { InvariantViolation } from '@perennial/values';
import type { View } from './compiled';

/**
 * The label that a view gives a customer. `active`: the paths of all states of the stage region that the customer is in,
 * such as `in-life` and `in-life.loyal`. Views are total and disjoint, so there is exactly one; throws InvariantViolation for
 * states of another definition.
 */
export function labelOf(view: View, active: readonly string[]): string {
  for (const [label, states] of Object.entries(view)) {
    if (states.some((state) => active.includes(state))) return label;
  }
  throw new InvariantViolation('DEFINITION.NO_LABEL', `a view has no label for the states ${active.join(', ')}`);
}
