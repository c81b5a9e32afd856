/** A run of tests for people, in lines. */
import type { CoverageReport, Covered } from './coverage';
import { placeOf, totalsOf, type FileReport, type RunReport, type TimedResult } from './report';
import type { Mismatch } from './run-test';

/** Longer differences and stories are cut: their ends tell most. */
const MOST_DIFF = 40;
const MOST_STORY = 40;
const MOST_MISSING = 12;

/** Each file, what failed, what the tests came by, and the totals. `every`: the tests that passed, too. */
export function describeRun(report: RunReport, every: boolean): readonly string[] {
  const { files, coverage } = report;
  return [
    ...files.flatMap((file) => describeFile(file, every)),
    ...files.flatMap(({ file, tests }) =>
      tests.filter(({ passed }) => !passed).flatMap((test) => describeFailure(file, test)),
    ),
    ...coverage.flatMap(describeCoverage),
    '',
    totalsLine(report),
  ];
}

function describeFile({ file, definition, problems, tests }: FileReport, every: boolean): readonly string[] {
  const of = definition === null ? '' : ` (${definition.name} version ${definition.version})`;
  if (problems.length > 0) return [`WRONG ${file}${of}`];
  const failed = tests.filter(({ passed }) => !passed).length;
  const head = `${failed > 0 ? 'FAIL ' : 'ok   '} ${file}${of}: ${count(tests.length, 'test')}${failed > 0 ? `, ${failed} failed` : ''}`;
  return every ? [head, ...tests.map(({ name, passed }) => `        ${passed ? '✓' : '✗'} ${name}`)] : [head];
}

export function describeFailure(file: string, test: TimedResult): readonly string[] {
  const { name, mismatches, story } = test;
  return [
    '',
    `✗ ${name}`,
    ...mismatches.flatMap((mismatch) => describeMismatch(file, mismatch)),
    '    What happened:',
    ...ends(story, MOST_STORY).map((line) => `      ${line}`),
  ];
}

function describeMismatch(file: string, mismatch: Mismatch): readonly string[] {
  const lines = mismatch.diff.map(({ sign, text }) => `      ${sign} ${text}`);
  return [`    ${placeOf(file, mismatch)}: ${mismatch.subject} (- expected, + so it was)`, ...ends(lines, MOST_DIFF)];
}

function ends(lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most) return lines;
  const half = Math.floor(most / 2);
  return [...lines.slice(0, half), `… ${lines.length - 2 * half} more …`, ...lines.slice(-half)];
}

function describeCoverage({ definition, states, transitions, signals }: CoverageReport): readonly string[] {
  return [
    '',
    `Coverage of ${definition.name} version ${definition.version}`,
    coverageLine('states', states),
    coverageLine('transitions', transitions),
    coverageLine('signals', signals),
  ];
}

function coverageLine(what: string, { covered, missing }: Covered): string {
  const listed = missing.slice(0, MOST_MISSING).join(', ');
  const more = missing.length > MOST_MISSING ? `, and ${missing.length - MOST_MISSING} more` : '';
  const without = missing.length === 0 ? '' : `   without: ${listed}${more}`;
  return `  ${what.padEnd(12)}${covered.length} of ${covered.length + missing.length}${without}`;
}

function totalsLine(report: RunReport): string {
  const { tests, passed, failed, wrongFiles } = totalsOf(report);
  const parts = [
    `${passed} of ${count(tests, 'test')} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(wrongFiles > 0 ? [`${count(wrongFiles, 'file')} could not be run`] : []),
  ];
  return `${parts.join(', ')} (${(report.ms / 1000).toFixed(2)} s)`;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
