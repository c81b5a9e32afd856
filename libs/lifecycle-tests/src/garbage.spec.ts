/** Whatever a pen or a program makes of a test file, it gives problems or tests that run: nothing is thrown. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chance, definitionOf, mutatedDefinition } from '@perennial/testing';
import { compiled } from '../fixtures/shop';
import { Coverage } from './coverage';
import { describeRun } from './describe-run';
import { junitXml } from './junit';
import { runTest } from './run-test';

const templates = join(__dirname, '../../definition/templates');
const retail = readFileSync(join(templates, 'retail.lifecycle.yaml'), 'utf8');
const definition = definitionOf(readFileSync(join(templates, 'retail.yaml'), 'utf8'));
const SEEDS = 60;

describe('a test file with slips', () => {
  it('gives problems, or tests that run', () => {
    const outcomes = { wrong: 0, ran: 0 };
    for (let seed = 1; seed <= SEEDS; seed++) {
      try {
        outcomes[take(mutatedDefinition(new Chance(seed, 'lifecycle tests'), [retail]))] += 1;
      } catch (cause) {
        throw new Error(`seed ${seed}`, { cause });
      }
    }
    expect(outcomes.wrong).toBeGreaterThan(0);
    expect(outcomes.ran).toBeGreaterThan(0);
  });
});

function take(source: Uint8Array): 'wrong' | 'ran' {
  const tests = compiled(source, definition);
  if ('problems' in tests) {
    expect(tests.problems.length).toBeGreaterThan(0);
    for (const { code, message, line } of tests.problems) {
      expect(code).toMatch(/^TESTS\./);
      expect(message).not.toMatch(/undefined|\[object/);
      expect(line).toBeLessThanOrEqual(new TextDecoder().decode(source).split('\n').length);
    }
    return 'wrong';
  }
  const coverage = new Coverage(definition);
  const results = tests.map((test) => ({ ...runTest(test, coverage), ms: 0 }));
  const report = {
    files: [{ file: 'f', definition: null, problems: [], tests: results }],
    coverage: [coverage.report()],
    ms: 0,
  };
  expect(describeRun(report, true).join('\n')).not.toMatch(/undefined|\[object/);
  expect(junitXml(report)).toContain('</testsuites>');
  return 'ran';
}
