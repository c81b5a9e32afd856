import { ERRORS, SHOP, WARNINGS } from '../fixtures/problem-cases';
import { compile } from './compile';
import type { Problem } from './compiled';
import { describeProblem, PROBLEM_CODES } from './problems';

function problemsOf(source: string): readonly Problem[] {
  const compiled = compile(source);
  return compiled.ok ? compiled.warnings : compiled.problems;
}

describe('the problems of a definition', () => {
  it('are none in the definition that the cases change', () => {
    expect(compile(SHOP)).toMatchObject({ ok: true, warnings: [] });
  });

  it.each(ERRORS)('$code: $what', ({ code, source, line, column, says }) => {
    const message: unknown = expect.stringMatching(says);
    expect(compile(source).ok).toBe(false);
    expect(problemsOf(source)).toContainEqual({ severity: 'error', code, line, column, message });
  });

  it.each(WARNINGS)('$code: $what, as a warning', ({ code, source, line, column, says }) => {
    const message: unknown = expect.stringMatching(says);
    expect(compile(source)).toMatchObject({ ok: true });
    expect(problemsOf(source)).toEqual([{ severity: 'warning', code, line, column, message }]);
  });

  it('are each covered by a case', () => {
    // Nothing is left for XState itself to refuse; statechart/regions.spec.ts shows that it would be heard.
    const covered = new Set<string>([...ERRORS, ...WARNINGS].map(({ code }) => code)).add('DEFINITION.XSTATE');
    expect(PROBLEM_CODES.filter((code) => !covered.has(code))).toEqual([]);
  });

  it('are reported all at once, in the order of the source', () => {
    const source = [
      'kind: Lifecyle',
      'name: Shop',
      'version: 0',
      'activity:',
      '  - { type: page, role: vist }',
      'signals:',
      '  a: { when: profile.x > 1 && profile.y > 1 }',
      'stages: { initial: a, states: { a: { on: { b: c } } } }',
    ].join('\n');
    const positions = problemsOf(source).map(({ line, column }) => `${line}:${column}`);
    expect(positions).toEqual(['1:7', '2:7', '3:10', '5:25', '7:14', '7:31', '8:44', '8:47']);
  });

  it('are not repeated where others use what is wrong', () => {
    const source = SHOP.replace('role: purchase', 'role: purchse').replace('halfLife: P14D', 'halfLife: P1M');
    const more = source
      .replace('for: P60D', 'for: 60')
      .replace('signals:', 'signals:\n  low: { below: 1, of: energy }');
    expect(problemsOf(more).map(({ line }) => line)).toEqual([6, 10, 15]);
  });

  it('are described in one line each, as compilers do', () => {
    const [problem] = problemsOf('kind: Lifecyle');
    expect(problem && describeProblem(problem, 'shop.yaml')).toBe(
      'shop.yaml:1:1: error DEFINITION.MISSING_KEY The key "name" is missing; a definition needs it.',
    );
  });
});
