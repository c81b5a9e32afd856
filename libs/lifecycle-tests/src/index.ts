export { type CompiledTests, compileTests, DEFAULT_START } from './compile/compile-tests';
export { Coverage, type CoverageReport, type Covered } from './coverage';
export { describeRun } from './describe-run';
export { junitXml } from './junit';
export { type LifecycleTest, type Position } from './lifecycle-test';
export { FAMILY, TEST_LIMITS, TEST_PROBLEM_CODES, type TestProblemCode } from './problems';
export { type FileReport, type PlacedProblem, type RunReport, type TimedResult, type Totals, totalsOf } from './report';
export { type Mismatch, runTest, type TestResult } from './run-test';
export { type ReadFile, readTestFile, type ReadTestFile, testFileSchemaText } from './test-file';
