import { errorText } from '@perennial/values';

/** What a check found. */
export interface Finding {
  readonly check: string;
  /** `todo`: nothing is broken, but something is left to do; `unknown`: it could not be looked at. */
  readonly state: 'ok' | 'todo' | 'wrong' | 'unknown';
  readonly found: string;
  /** What to do about it; null when nothing is. */
  readonly remedy: string | null;
}

export const ok = (check: string, found: string): Finding => ({ check, state: 'ok', found, remedy: null });
export const wrong = (check: string, found: string, remedy: string): Finding => ({
  check,
  state: 'wrong',
  found,
  remedy,
});
export const todo = (check: string, found: string, remedy: string): Finding => ({
  check,
  state: 'todo',
  found,
  remedy,
});
export const unknown = (check: string, found: string, remedy: string): Finding => ({
  check,
  state: 'unknown',
  found,
  remedy,
});

/** A check that fails has found something, too. */
export async function findingsOf(
  check: string,
  remedy: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [wrong(check, errorText(error), remedy)];
  }
}

const MARK = { ok: 'ok   ', todo: 'todo ', wrong: 'WRONG', unknown: '?    ' } as const;

/** A table for people: the remedy below what is wrong. */
export function describeFindings(findings: readonly Finding[]): readonly string[] {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings.flatMap(({ check, state, found, remedy }) => [
    `${MARK[state]}  ${check.padEnd(width)}  ${found}`,
    ...(remedy === null ? [] : [`${' '.repeat(MARK.ok.length + width + 4)}→ ${remedy}`]),
  ]);
}
