import { isDeepStrictEqual } from 'node:util';
import type { StageChanged } from '@perennial/contracts';

/** What differs between two runs that decided the same: where in which log, and when. */
type RunOnly = 'decidedAt' | 'mode' | 'stateVersion';
export type ComparedFact = Omit<StageChanged, RunOnly> & Partial<Pick<StageChanged, RunOnly>>;
export type Sameness = { readonly same: true } | { readonly same: false; readonly difference: string };

/**
 * Compares facts customer by customer, each customer's in the order given, aside from ids, `decidedAt`, `mode`,
 * `stateVersion` and `correction.group`. Repeats must have been dropped. `difference` is the first one, for people.
 */
export function sameFacts(actual: readonly ComparedFact[], expected: readonly ComparedFact[]): Sameness {
  const actualOf = byCustomer(actual);
  const expectedOf = byCustomer(expected);
  for (const customer of new Set([...expectedOf.keys(), ...actualOf.keys()])) {
    const difference = firstDifference(customer, actualOf.get(customer) ?? [], expectedOf.get(customer) ?? []);
    if (difference !== null) return { same: false, difference };
  }
  return { same: true };
}

function byCustomer(facts: readonly ComparedFact[]): Map<string, object[]> {
  const grouped = new Map<string, object[]>();
  for (const fact of facts) {
    const group = grouped.get(fact.customer);
    if (group === undefined) grouped.set(fact.customer, [comparable(fact)]);
    else group.push(comparable(fact));
  }
  return grouped;
}

function comparable(fact: ComparedFact): object {
  const correction = fact.correction && { ...fact.correction, group: null };
  return { ...fact, decidedAt: null, mode: null, stateVersion: null, correction };
}

function firstDifference(customer: string, actual: readonly object[], expected: readonly object[]): string | null {
  for (let index = 0; index < Math.max(actual.length, expected.length); index += 1) {
    const [got, wanted] = [actual[index], expected[index]];
    if (isDeepStrictEqual(got, wanted)) continue;
    return `customer ${customer}, fact ${index + 1}:\n  expected ${describe(wanted)}\n  actual   ${describe(got)}`;
  }
  return null;
}

function describe(fact: object | undefined): string {
  return fact === undefined ? 'no such fact' : JSON.stringify(fact);
}
