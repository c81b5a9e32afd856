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
