import { MISTAKES } from '../fixtures/typical-mistakes';
import { compile } from './compile';

/** Words of parsers, which tell nobody what to do. */
const RAW = /Unexpected (?:character|token)|\b(?:EOF|RPAREN|LPAREN|GT)\b|predicate/;

describe('a typical mistake is told with its place and its remedy', () => {
  it.each(MISTAKES)('$what', ({ code, source, line, column, says }) => {
    const compiled = compile(source);
    const problems = compiled.ok ? [] : compiled.problems;
    const message: unknown = expect.stringMatching(says);
    expect(problems).toContainEqual({ severity: 'error', code, line, column, message });
    expect(problems.filter((problem) => RAW.test(problem.message))).toEqual([]);
  });
});
