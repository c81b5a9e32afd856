/** What only a test file can get wrong, and how large it may be. */
import type { ProblemCode, Problems } from '@perennial/definition';

/** The family of all codes of test files: the shapes of definitions report theirs under it, such as `TESTS.UNKNOWN_KEY`. */
export const FAMILY = 'TESTS';

/** What only a test file can get wrong. Stable: documents and scripts rely on the spelling. */
export const TEST_PROBLEM_CODES = [
  'TESTS.NO_EXPECTATION',
  'TESTS.NEVER',
  'TESTS.TIME',
  'TESTS.DUPLICATE_NAME',
  'TESTS.UNKNOWN_EVENT',
  'TESTS.UNKNOWN_CUSTOMER',
  'TESTS.UNKNOWN_ACTIVITY',
  'TESTS.UNKNOWN_STATE',
  'TESTS.UNKNOWN_REGION',
  'TESTS.UNKNOWN_SIGNAL',
  'TESTS.UNKNOWN_FIELD',
  'TESTS.UNKNOWN_DEADLINE',
] as const;

export type TestProblemCode = (typeof TEST_PROBLEM_CODES)[number];
export type TestProblems = Problems<ProblemCode | TestProblemCode>;

/** How large a file of tests may be, beside the bytes, words and nesting of every file (docs/definitions.md). */
export const TEST_LIMITS = {
  /** Tests of one file; each case of a table is one. */
  tests: 2_000,
  /** Rows of one table. */
  cases: 500,
  stepsOfTest: 500,
  /** Activities of one `repeat`. */
  repeats: 1_000,
  /** Facts listed in one expectation. */
  facts: 1_000,
  /** Signals, deadlines, fields or regions of one expectation. */
  entries: 200,
} as const;
