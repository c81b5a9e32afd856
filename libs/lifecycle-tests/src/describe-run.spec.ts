import { fileOf, run, shop } from '../fixtures/shop';
import { Coverage } from './coverage';
import { describeRun } from './describe-run';
import { junitXml } from './junit';
import type { RunReport } from './report';

function reportOf(): RunReport {
  const coverage = new Coverage(shop());
  const steps = '- activity: { event: Order, id: "<o>&\u0007" }\n  expect: { stage: gone, moves: none }';
  const failed = run(fileOf(steps), coverage).map((test) => ({ ...test, ms: 1.25 }));
  const passed = run(fileOf('- { activity: Order, expect: { stage: active } }'), coverage).map((test) => ({
    ...test,
    ms: 0.5,
  }));
  const definition = { file: 'shop.yaml', name: 'shop', version: 2 };
  const problem = {
    file: 'wrong.yaml',
    severity: 'error',
    code: 'TESTS.TYPE',
    message: 'Found "x".',
    line: 3,
    column: 4,
  } as const;
  return {
    files: [
      { file: 'a.lifecycle.yaml', definition, problems: [], tests: passed },
      { file: 'b.lifecycle.yaml', definition, problems: [], tests: failed },
      { file: 'wrong.yaml', definition: null, problems: [problem], tests: [] },
    ],
    coverage: [coverage.report()],
    ms: 12.3,
  };
}

describe('a run for people', () => {
  it('names files, what failed where, what happened, the coverage and the totals', () => {
    const text = describeRun(reportOf(), false).join('\n');
    expect(text).toContain(
      'ok    a.lifecycle.yaml (shop version 2): 1 test\nFAIL  b.lifecycle.yaml (shop version 2): 1 test, 1 failed\nWRONG wrong.yaml',
    );
    expect(text).toContain(
      '✗ t\n    b.lifecycle.yaml:7:26: stage (- expected, + so it was)\n      - gone\n      + active.plain\n',
    );
    expect(text).toContain('    What happened:\n      start  Order (<o>&\u0007): taken');
    expect(text).toContain('  transitions 1 of 10   without: new after P5D → gone,');
    expect(text.split('\n').at(-1)).toBe('1 of 2 tests passed, 1 failed, 1 file could not be run (0.01 s)');
  });

  it('names every test when asked to', () => {
    expect(describeRun(reportOf(), true)).toEqual(expect.arrayContaining(['        ✓ t', '        ✗ t']));
  });

  it('cuts the middle of long differences', () => {
    const steps = '- activity: { type: page }\n  repeat: { times: 100, every: PT1S }\n  expect: { facts: none }';
    const test = run(fileOf(steps)).map((result) => ({ ...result, ms: 1 }));
    const report = { files: [{ file: 'f', definition: null, problems: [], tests: test }], coverage: [], ms: 1 };
    const lines = describeRun(report, false);
    expect(lines.length).toBeLessThan(100);
    expect(lines.filter((line) => line.includes('more …'))).toHaveLength(2);
  });
});

describe('a run for CI servers', () => {
  it('is JUnit XML: suites of files, failures with their place, files that are wrong as errors', () => {
    const xml = junitXml(reportOf());
    expect(xml).toContain('<testsuites name="perennial" tests="3" failures="1" errors="1" time="0.0123">');
    expect(xml).toContain(
      '<testsuite name="b.lifecycle.yaml" file="b.lifecycle.yaml" tests="1" failures="1" errors="0" time="0.0013">',
    );
    expect(xml).toContain(
      '<testcase name="t" classname="a.lifecycle.yaml" file="a.lifecycle.yaml" line="4" time="0.0005"/>',
    );
    expect(xml).toContain('<failure message="b.lifecycle.yaml:7:26: stage" type="expectation">');
    expect(xml).toContain('<error message="wrong.yaml:3:4: error TESTS.TYPE Found &quot;x&quot;." type="problem">');
  });

  it('has nothing in it that XML does not allow', () => {
    const xml = junitXml(reportOf());
    expect(xml).toContain('start  Order (&lt;o&gt;&amp;\ufffd): taken');
    expect(xml).not.toMatch(/\u0007/);
  });
});
