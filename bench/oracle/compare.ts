import { formatInstant } from '@perennial/values';
import type { Move, Moves } from './move';

const SHOWN = 5;

/** What an engine's moves have that they should not, or lack; the first few of it. Empty: the same. */
export function differences(expected: Moves, found: Moves): string[] {
  const wrong: string[] = [];
  for (const [customer, should] of expected) {
    const has = found.get(customer) ?? [];
    const difference = firstDifference(should, has);
    if (difference !== null) wrong.push(`${customer}: ${difference}`);
    if (wrong.length === SHOWN) return wrong;
  }
  for (const [customer, [first]] of found) {
    if (wrong.length === SHOWN) break;
    if (first !== undefined && !expected.has(customer)) wrong.push(`${customer}: ${told(first)} is too much`);
  }
  return wrong;
}

function firstDifference(should: readonly Move[], has: readonly Move[]): string | null {
  for (let index = 0; index < Math.max(should.length, has.length); index++) {
    const [expected, found] = [should[index], has[index]];
    if (found === undefined) return `${expected === undefined ? '' : told(expected)} is missing`;
    if (expected === undefined) return `${told(found)} is too much`;
    if (!isSame(expected, found)) return `${told(found)} instead of ${told(expected)}`;
  }
  return null;
}

/** An engine need not tell the newest activity before a timer; the one that moved a customer it must. */
function isSame(expected: Move, found: Move): boolean {
  const untold = expected.cause === 'timer' && found.activity === null;
  return (
    expected.sequence === found.sequence &&
    expected.from === found.from &&
    expected.to === found.to &&
    expected.cause === found.cause &&
    expected.at === found.at &&
    (untold || expected.activity === found.activity)
  );
}

const told = ({ sequence, from, to, cause, activity, at }: Move): string =>
  `${sequence}. ${from} → ${to} by ${cause} ${activity ?? ''} at ${formatInstant(at)}`;
