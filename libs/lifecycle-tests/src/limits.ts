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
