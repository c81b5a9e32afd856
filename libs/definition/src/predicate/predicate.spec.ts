import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { Problems } from '../problems';
import { compilePredicate } from './predicate';
import type { Scope } from './names';
import type { Profile } from './terms';

const scope: Scope = new Map([
  ['orders', { index: 0, kind: 'count' }],
  ['spend', { index: 1, kind: 'sum' }],
  ['energy', { index: 2, kind: 'decayed' }],
  ['pace', { index: 3, kind: 'gaps' }],
]);
const gaps = { count: 2, meanLog: 1, spreadLog: 0.5, typicalDays: 30 };

function compileText(text: string): ReturnType<typeof compilePredicate> {
  const problems = new Problems(() => ({ line: 1, column: 1 }));
  return compilePredicate({ text, at: 0, offsetOf: (index) => index }, scope, problems);
}

function holds(text: string, profile: Profile): boolean | undefined {
  return compileText(text)?.predicate.test(profile);
}

describe('a predicate', () => {
  it.each([
    ['profile.orders >= 3', { orders: 3 }, true],
    ['profile.orders >= 3', { orders: 2 }, false],
    ['profile.orders == 3', { orders: 3 }, true],
    ['profile.orders != 3.0', { orders: 3 }, false],
    ['3 < profile.orders', { orders: 4 }, true],
    ['profile.orders in [1, 2.5, profile.spend]', { orders: 7, spend: 7 }, true],
    ['profile.spend / profile.orders > 1000', { orders: 3, spend: 3001 }, true],
    ['profile.spend / profile.orders > 1000', { orders: 0, spend: 0 }, false],
    ['(profile.orders + 1) / 2 == 1.5', { orders: 2 }, true],
    ['-profile.spend > 0 || !(profile.orders > 1)', { orders: 2, spend: -1 }, true],
    ['profile.orders > 1 ? profile.spend > 10 : true', { orders: 2, spend: 5 }, false],
    ['(profile.orders > 1 ? 2 : 3) * 1 - 1 == 1 && true', { orders: 2 }, true],
    ['profile.pace.typicalDays <= 30 && profile.pace.count > 1', { pace: gaps }, true],
  ] as const)('%s of %j is %s', (text, profile, expected) => {
    expect(holds(text, profile)).toBe(expected);
  });

  it('names the fields that it reads, by index and each once', () => {
    const compiled = compileText('profile.pace.count > 1 || profile.orders > profile.pace.meanLog + profile.spend');
    expect(compiled?.predicate.fields).toEqual([0, 1, 3]);
  });

  it('refuses to guess a field that it was not given', () => {
    expect(() => holds('profile.orders > 1', {})).toThrow('The field "orders" is not in the profile');
    expect(() => holds('profile.pace.count > 1', { pace: 3 })).toThrow('The field "pace" is not in the profile');
  });

  it('has the type and the value that cel-js gives it', () => {
    const cel = celOracle();
    let typed = 0;
    fc.assert(
      fc.property(expressions(), profiles(), (text, profile) => {
        const checked = cel.check(text);
        const compiled = compileText(text);
        expect({ text, ok: compiled !== null }).toEqual({ text, ok: checked.valid && checked.type === 'bool' });
        if (compiled === null) return;
        typed += 1;
        const expected: unknown = cel.evaluate(text, { profile });
        expect({ text, is: compiled.predicate.test(profile) }).toEqual({ text, is: expected });
      }),
      { numRuns: 1_000 },
    );
    expect(typed).toBeGreaterThan(300);
  });
});

function celOracle(): Environment {
  const gapSchema = { count: 'double', meanLog: 'double', spreadLog: 'double', typicalDays: 'double' };
  const schema = { orders: 'double', spend: 'double', energy: 'double', pace: gapSchema };
  return new Environment().registerVariable({ name: 'profile', schema });
}

function profiles(): fc.Arbitrary<Profile> {
  const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double());
  const pace = fc.record({ count: value, meanLog: value, spreadLog: value, typicalDays: value });
  return fc.record({ orders: value, spend: value, energy: value, pace });
}

/** Mostly well typed. Numbers are written as doubles: whole ones are another type to cel-js, on purpose not to us. */
function expressions(): fc.Arbitrary<string> {
  const { truth } = fc.letrec<{ number: string; truth: string; slip: string }>((tie) => {
    const [number, truth] = [tie('number'), tie('truth')];
    const binary = (side: fc.Arbitrary<string>, ...ops: string[]): fc.Arbitrary<string> =>
      fc.tuple(side, fc.constantFrom(...ops), side).map(([a, op, b]) => `(${a} ${op} ${b})`);
    const branch = (side: fc.Arbitrary<string>): fc.Arbitrary<string> =>
      fc.tuple(truth, side, side).map(([condition, a, b]) => `(${condition} ? ${a} : ${b})`);
    const list = fc.array(number, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`);
    return {
      number: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        fc.constantFrom('0.0', '1.0', '2.5', '1e3', 'profile.orders', 'profile.spend', 'profile.pace.meanLog'),
        binary(number, '+', '-', '*', '/'),
        number.map((side) => `-${side}`),
        branch(number),
        tie('slip'),
      ),
      truth: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        binary(number, '<', '<=', '>', '>=', '==', '!='),
        binary(truth, '&&', '||', '==', '!='),
        truth.map((side) => `!${side}`),
        fc.tuple(number, list).map(([value, items]) => `(${value} in ${items})`),
        branch(truth),
        fc.constantFrom('true', 'false'),
      ),
      slip: fc.oneof(
        { weight: 30, arbitrary: fc.constantFrom('3.0', 'profile.energy') },
        { weight: 1, arbitrary: fc.constantFrom('true', 'profile.nothing', 'orders') },
      ),
    };
  });
  // Longer ones can meet the limits, which the oracle does not have.
  return truth.filter((text) => text.length < 200);
}
