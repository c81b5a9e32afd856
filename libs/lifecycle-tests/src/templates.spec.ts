/** Each template ships with its tests: they pass, and come by everything that its customers can come by. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compile } from '@perennial/definition';
import { definitionOf } from '@perennial/testing';
import { compiled } from '../fixtures/shop';
import { Coverage } from './coverage';
import { describeFailure } from './describe-run';
import { runTest } from './run-test';

const folder = join(__dirname, '../../definition/templates');
const TESTS = '.lifecycle.yaml';
const templates = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml') && !name.endsWith(TESTS))
  .map((name) => basename(name, '.yaml'));
/** Stages that nothing leads to until a signal for churn risk does. */
const NOT_YET: Readonly<Record<string, readonly string[]>> = { retail: ['retention'] };
/** What the definition's author is warned of, and means; nothing for a template that is not listed. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  retail: ['DEFINITION.UNREACHABLE_STATE No move leads customers to "retention"'],
};
/** What is counted of a lifecycle, in the order in which reports show it. */
const LIFECYCLE_STEPS = [
  'reach',
  'acquisition',
  'conversion',
  'retention',
  'loyalty',
  'abandonment',
  'attrition',
  'churn',
];

/** Code and beginning of each warning. */
function warningsOf(name: string): readonly string[] {
  const result = compile(readFileSync(join(folder, `${name}.yaml`), 'utf8'));
  const warnings = result.ok ? result.warnings : result.problems;
  return warnings.map(({ code, message }) => `${code} ${message.split(',')[0] ?? ''}`);
}

describe.each(templates)('the template %s', (name) => {
  it('has no warning but those that are meant', () => {
    expect(warningsOf(name)).toEqual(MEANT[name] ?? []);
  });

  it('labels its stages with the lifecycle steps', () => {
    const { views } = definitionOf(readFileSync(join(folder, `${name}.yaml`), 'utf8'));
    expect(Object.keys(views['e-metrics'] ?? {})).toEqual(LIFECYCLE_STEPS);
  });
});

describe.each(templates)('the lifecycle tests of the template %s', (name) => {
  const definition = definitionOf(readFileSync(join(folder, `${name}.yaml`), 'utf8'));
  const coverage = new Coverage(definition);
  const source = readFileSync(join(folder, `${name}${TESTS}`), 'utf8');
  const tests = compiled(source, definition);

  it('pass', () => {
    expect('problems' in tests ? tests.problems : []).toEqual([]);
    const results = 'problems' in tests ? [] : tests.map((test) => runTest(test, coverage));
    const failures = results
      .filter(({ passed }) => !passed)
      .flatMap((test) => describeFailure(name, { ...test, ms: 0 }));
    expect(failures).toEqual([]);
    expect(results.length).toBeGreaterThan(5);
  });

  it('come by each state, transition and signal that customers can come by', () => {
    const { states, transitions, signals } = coverage.report();
    const notYet = NOT_YET[name] ?? [];
    expect(states.missing).toEqual(notYet);
    expect(transitions.missing.filter((text) => !notYet.some((state) => text.startsWith(`${state} `)))).toEqual([]);
    expect(signals.missing).toEqual([]);
  });

  it('name the definition beside them, which `perennial init` puts above them', () => {
    expect(source).toMatch(new RegExp(`^definition: ${name}\\.yaml$`, 'm'));
  });
});
