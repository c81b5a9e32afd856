import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { boundsOf, intersect, possible } from './bounds';

const cel = new Environment();
const bounds = (text: string): ReturnType<typeof boundsOf> => boundsOf(cel.parse(text).ast);

interface Comparison {
  readonly field: 'a' | 'b';
  readonly op: '<' | '<=' | '>' | '>=' | '==';
  readonly limit: number;
  readonly mirrored: boolean;
}
const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==' } as const;
const write = (all: readonly Comparison[]): string =>
  all
    .map(({ field, op, limit, mirrored }) =>
      mirrored ? `${limit} ${MIRRORED[op]} profile.${field}` : `profile.${field} ${op} ${limit}`,
    )
    .join(' && ');

function holds({ field, op, limit }: Comparison, profile: Record<'a' | 'b', number>): boolean {
  const value = profile[field];
  switch (op) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
  }
}

describe('the bounds of conditions', () => {
  it.each([
    ['profile.a >= 3', 'profile.a < 3', false],
    ['profile.a >= 3', 'profile.a <= 3', true],
    ['profile.a > 3', 'profile.a <= 3', false],
    ['profile.a == 2', '3 <= profile.a', false],
    ['profile.a > 5', 'profile.b < 5', true],
    ['profile.a > 5 && profile.b > 1', 'profile.b < 5 && profile.a < 2', false],
    ['profile.a > 5 || profile.b > 1', 'profile.a < 2', true],
    ['profile.a > profile.b', 'profile.a < 2', true],
    ['profile.pace.count > 5', 'profile.pace.count < 2', true],
  ])('of %s and %s: whether both can hold is %s', (a, b, expected) => {
    expect(possible(intersect(bounds(a), bounds(b)))).toBe(expected);
  });

  it('exclude exactly the conditions that never hold together', () => {
    const comparison = fc.record<Comparison>({
      field: fc.constantFrom('a', 'b'),
      op: fc.constantFrom('<', '<=', '>', '>=', '=='),
      limit: fc.integer({ min: 0, max: 3 }),
      mirrored: fc.boolean(),
    });
    const condition = fc.array(comparison, { minLength: 1, maxLength: 3 });
    // Limits are whole numbers from 0 to 3: halves reach into every gap between them.
    const values = Array.from({ length: 11 }, (_, index) => index / 2 - 1);
    const profiles = values.flatMap((a) => values.map((b) => ({ a, b })));
    fc.assert(
      fc.property(condition, condition, (a, b) => {
        const together = profiles.some((profile) => [...a, ...b].every((each) => holds(each, profile)));
        expect(possible(intersect(bounds(write(a)), bounds(write(b))))).toBe(together);
      }),
    );
  });
});
