/** What was measured: one value per round. */
export interface Figure {
  /** Unique within a run; the same from run to run, since histories are drawn by it. */
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly goal?: Goal;
}
export interface Goal {
  readonly kind: 'at least' | 'at most';
  readonly value: number;
}

/** What a part of the bench found. */
export interface PartResult {
  readonly part: string;
  readonly figures: readonly Figure[];
  /** How it was measured, and what was left out. */
  readonly notes: readonly string[];
  /** Wrong answers; with any of them the bench fails, however fast it was. */
  readonly wrong: readonly string[];
}

export function figure(name: string, unit: string, values: readonly number[], goal?: Goal): Figure {
  return { name, unit, values, ...(goal === undefined ? {} : { goal }) };
}

export const atLeast = (value: number): Goal => ({ kind: 'at least', value });
export const atMost = (value: number): Goal => ({ kind: 'at most', value });

/** Judged by the median. */
export function isMet({ values, goal }: Figure): boolean | null {
  if (goal === undefined || values.length === 0) return null;
  return goal.kind === 'at least' ? median(values) >= goal.value : median(values) <= goal.value;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Nearest rank; `share` in (0, 1]. NaN of nothing. */
export function percentile(ascending: Float64Array | readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? Number.NaN;
}
