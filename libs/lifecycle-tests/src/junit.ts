/** A run of tests as JUnit XML, as CI servers read it. Source: https://github.com/testmoapp/junitxml */
import { placeOf, totalsOf, type FileReport, type PlacedProblem, type RunReport, type TimedResult } from './report';

export function junitXml(report: RunReport): string {
  const { files, ms } = report;
  const { tests, failed, wrongFiles } = totalsOf(report);
  const head = attributes({
    name: 'perennial',
    tests: tests + wrongFiles,
    failures: failed,
    errors: wrongFiles,
    time: seconds(ms),
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${files.map(suite).join('')}</testsuites>\n`;
}

function suite({ file, problems, tests }: FileReport): string {
  const wrong = problems.length > 0 ? 1 : 0;
  const ms = tests.reduce((all, test) => all + test.ms, 0);
  const failures = tests.filter(({ passed }) => !passed).length;
  const head = attributes({
    name: file,
    file,
    tests: tests.length + wrong,
    failures,
    errors: wrong,
    time: seconds(ms),
  });
  const cases = wrong > 0 ? [brokenCase(file, problems)] : tests.map((test) => testCase(file, test));
  return `  <testsuite${head}>\n${cases.join('')}  </testsuite>\n`;
}

function testCase(file: string, { name, line, passed, ms, mismatches, story }: TimedResult): string {
  const head = attributes({ name, classname: file, file, line, time: seconds(ms) });
  if (passed) return `    <testcase${head}/>\n`;
  const [first] = mismatches;
  const message = first === undefined ? name : `${placeOf(file, first)}: ${first.subject}`;
  const text = [
    ...mismatches.flatMap((mismatch) => [
      `${placeOf(file, mismatch)}: ${mismatch.subject}`,
      ...mismatch.diff.map(({ sign, text: of }) => `${sign} ${of}`),
    ]),
    'What happened:',
    ...story,
  ].join('\n');
  return `    <testcase${head}>\n      <failure${attributes({ message, type: 'expectation' })}>${escaped(text)}</failure>\n    </testcase>\n`;
}

/** A file whose tests could not be run. */
function brokenCase(file: string, problems: readonly PlacedProblem[]): string {
  const lines = problems.map(
    (problem) => `${placeOf(problem.file, problem)}: ${problem.severity} ${problem.code} ${problem.message}`,
  );
  const head = attributes({ name: 'the file can be run', classname: file, file, line: 1, time: seconds(0) });
  const error = `<error${attributes({ message: lines[0] ?? '', type: 'problem' })}>${escaped(lines.join('\n'))}</error>`;
  return `    <testcase${head}>\n      ${error}\n    </testcase>\n`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(4);

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replace(/"/g, '&quot;').replace(/\n/g, '&#10;')}"`)
    .join('');
}

/** Text without what XML 1.0 has no place for. Source: https://www.w3.org/TR/xml/#charsets */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
