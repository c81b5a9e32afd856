/** What became of the step's activities: all of them, where there are several. */
import type { Located } from '@perennial/definition';
import type { ShownFlaw, ShownOutcome } from '../shape/expectation-shape';
import { differenceOf, type Check } from './check';

export function outcomeCheck({ value, at }: Located<ShownOutcome>): Check {
  return {
    at,
    subject: 'outcome',
    compare: ({ taken }) =>
      differenceOf(
        value,
        differing(
          value,
          taken.map(({ outcome }) => outcome),
        ),
      ),
  };
}

export function amountCheck({ value, at }: Located<ShownFlaw>): Check {
  return {
    at,
    subject: 'amount left out',
    compare: ({ taken }) =>
      differenceOf(
        value,
        differing(
          value,
          taken.map(({ flaw }) => flaw),
        ),
      ),
  };
}

/** The first that is not as expected. */
function differing(expected: string, actual: readonly string[]): string {
  return actual.find((one) => one !== expected) ?? expected;
}
