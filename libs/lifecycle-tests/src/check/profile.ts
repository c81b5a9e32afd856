/** Values of the profile at the step's time, decays included: as predicates see them. */
import { formatMinorUnits } from '@perennial/values';
import type { FieldValue } from '@perennial/definition';
import type { CustomerState, Plan } from '@perennial/lifecycle';
import type { GapsPart } from '../shape/field-shape';
import { different, NOT_ENTERED, type Check } from './check';

/** What a number is expected to be: at least, at most, or both. */
export interface Range {
  readonly least: number;
  readonly most: number;
  /** As it was written. */
  readonly text: string;
}

export interface ProfileCheck {
  readonly at: number;
  /** Index of the field in the definition. */
  readonly field: number;
  readonly part: GapsPart | null;
  readonly range: Range;
}

export function profileCheck({ at, field, part, range }: ProfileCheck, name: string): Check {
  return {
    at,
    subject: `profile.${name}${part === null ? '' : `.${part}`}`,
    compare: ({ plan, state, now }) => {
      if (state === null) return different(range.text, NOT_ENTERED);
      const read = numberIn(readField(plan, state, field, now), part);
      return read >= range.least && read <= range.most ? [] : different(range.text, shown(plan, field, read));
    },
  };
}

function readField(plan: Plan, state: CustomerState, index: number, at: number): FieldValue {
  const planned = plan.fields[index];
  return planned === undefined ? Number.NaN : planned.folding.read(state.slots, planned.start, at);
}

function numberIn(value: FieldValue, part: GapsPart | null): number {
  return typeof value === 'number' ? value : part === null ? Number.NaN : value[part];
}

/** Sums of money are in minor units of the definition's currency. */
function shown({ definition }: Plan, index: number, value: number): string {
  const { currency } = definition;
  const field = definition.fields[index];
  if (field?.kind !== 'sum' || field.unit !== 'money' || currency === null) return String(value);
  return `${formatMinorUnits(value, currency)} (${value} in minor units)`;
}
