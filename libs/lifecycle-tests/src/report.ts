import type { Problem } from '@perennial/definition';
import type { CoverageReport } from './coverage';
import type { Position } from './lifecycle-test';
import type { TestResult } from './run-test';

/** A problem of a test file, or of the definition that it names. */
export interface PlacedProblem extends Problem {
  readonly file: string;
}

/** How long a test took is known to whoever runs it. */
export interface TimedResult extends TestResult {
  readonly ms: number;
}

/** What became of one file: its problems, or its tests. */
export interface FileReport {
  readonly file: string;
  /** Null when it could not be read so far. */
  readonly definition: { readonly file: string; readonly name: string; readonly version: number } | null;
  readonly problems: readonly PlacedProblem[];
  readonly tests: readonly TimedResult[];
}

export interface RunReport {
  readonly files: readonly FileReport[];
  /** Of each definition. */
  readonly coverage: readonly CoverageReport[];
  readonly ms: number;
}

export interface Totals {
  readonly tests: number;
  readonly passed: number;
  readonly failed: number;
  /** Files with problems, whose tests were not run. */
  readonly wrongFiles: number;
}

export function totalsOf({ files }: Pick<RunReport, 'files'>): Totals {
  const tests = files.flatMap((file) => file.tests);
  const passed = tests.filter((test) => test.passed).length;
  return {
    tests: tests.length,
    passed,
    failed: tests.length - passed,
    wrongFiles: files.filter(({ problems }) => problems.length > 0).length,
  };
}

export const placeOf = (file: string, { line, column }: Position): string => `${file}:${line}:${column}`;
