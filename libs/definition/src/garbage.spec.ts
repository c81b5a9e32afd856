import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { ERRORS, SHOP } from '../fixtures/problem-cases';
import { compile } from './compile';
import type { Compiled } from './compiled';

const retail = readFileSync(join(__dirname, '../templates/retail.yaml'), 'utf8');

/** Compiles, and checks what every result owes its reader. */
function examine(source: string): Compiled {
  const compiled = compile(source);
  const problems = compiled.ok ? compiled.warnings : compiled.problems;
  const lines = source.split('\n');
  if (!compiled.ok) expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
  for (const { line, column, message } of problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
    expect(message.length).toBeLessThanOrEqual(500);
    expect(message).not.toMatch(/undefined|\[object|NaN/);
  }
  return compiled;
}

describe('garbage', () => {
  it('of any characters gives problems', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
        expect(examine(text).ok).toBe(false);
      }),
    );
  });

  it('of YAML gives problems', () => {
    const pieces = [
      '\n',
      '  ',
      '- ',
      ': ',
      '? ',
      '{',
      '}',
      '[',
      ']',
      ', ',
      '#',
      '&a ',
      '*a',
      '!!str ',
      '|\n',
      '>-\n',
      '"',
      "'",
    ];
    const words = [
      'kind',
      'activity',
      'signals',
      'stages',
      'states',
      'on',
      'when',
      'profile.x >= 1',
      '<<',
      '---\n',
      '%YAML 9\n',
      '\t',
      'null',
      '.inf',
      '0x1F',
    ];
    const text = fc.array(fc.constantFrom(...pieces, ...words), { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (source) => !examine(source).ok),
      { numRuns: 1_000 },
    );
  });

  it('of any value gives problems', () => {
    const key = fc.oneof(
      fc.constantFrom('kind', 'name', 'activity', 'profile', 'signals', 'stages', 'views'),
      fc.string(),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        fc.dictionary(key, tie('value')),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
    }));
    fc.assert(fc.property(fc.dictionary(key, value), (drawn) => !examine(stringify(drawn)).ok));
  });

  it('in a definition gives problems, or a definition', () => {
    const cut = fc.tuple(
      fc.nat(),
      fc.nat(12),
      fc.oneof(fc.constantFrom('', ' ', '{', ']', '\n', ':', 'x'), fc.string()),
    );
    const slips = fc.array(cut, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(slips, (drawn) => {
        let source = retail;
        for (const [pick, length, text] of drawn) {
          const at = pick % source.length;
          source = source.slice(0, at) + text + source.slice(at + length);
        }
        examine(source);
      }),
      { numRuns: 300 },
    );
  });

  it.each(ERRORS.filter(({ source }) => source.length < 10_000))(
    'of one kind gives problems within it: $what',
    ({ source }) => {
      expect(examine(source).ok).toBe(false);
    },
  );

  it.each([
    ['opening brackets', '['.repeat(30_000)],
    ['lists in lists', '- '.repeat(30_000)],
    ['anchors', '&a '.repeat(5_000)],
    ['keys', Array.from({ length: 4_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['signals', `signals:\n${Array.from({ length: 4_000 }, (_, index) => `  k${index}: { whn: 1 }`).join('\n')}`],
    ['a long word', `${SHOP}    gone: { on: { ${'x'.repeat(10_000)}: new } }`],
    ['NOTs', `signals: { a: { when: "${'!'.repeat(1_900)}true" } }`],
  ])('in masses gives problems: %s', (_what, source) => {
    expect(examine(source).ok).toBe(false);
  });
});
