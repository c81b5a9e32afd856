import fc from 'fast-check';
import { formatMinorUnits, MAX_AMOUNT, minorUnitExponent, toMinorUnits, toWholeNumber } from './money';

/** The rule once more, in whole numbers of any size: sign, digits and power of ten of a decimal text. */
function exactly(text: string, exponent: number): bigint {
  const parts = /^(-?)(\d*)\.?(\d*)(?:e([+-]\d+))?$/.exec(text);
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts ?? [];
  const shift = Number(power) + exponent - fraction.length;
  const digits = BigInt(whole + fraction);
  const divisor = 10n ** BigInt(Math.max(0, -shift));
  const magnitude = (2n * digits * 10n ** BigInt(Math.max(0, shift)) + divisor) / (2n * divisor);
  return sign === '-' ? -magnitude : magnitude;
}

const exponents = fc.constantFrom(0, 2, 3, 4);

describe('amounts in minor units', () => {
  it.each([
    [19.99, 2, 1999],
    [0.1, 2, 10],
    [1.005, 2, 101],
    [-1.005, 2, -101],
    [1.004999, 2, 100],
    [8.345, 2, 835],
    [0.285, 2, 29],
    [1e21, 0, 1e21],
    [1e-7, 2, 0],
    [5e-3, 2, 1],
    [-4e-3, 2, 0],
    [-0, 2, 0],
    [1234, 0, 1234],
    [1.2345, 4, 12345],
    ['12.50', 2, 1250],
    ['-12.5', 2, -1250],
    ['+3', 2, 300],
    ['.5', 2, 50],
    ['5.', 2, 500],
    ['1e3', 2, 100_000],
    ['1.005', 2, 101],
    ['0.004', 2, 0],
    ['-0', 2, 0],
    ['0000000000000000000000001.10', 2, 110],
    ['1e-999999999', 2, 0],
    ['1e-1000000000000000000000', 2, 0],
    ['0e1000000000000000000000', 2, 0],
    [`${'0'.repeat(900)}1e-1`, 2, 10],
  ])('%j with %d digits is %d', (amount, exponent, minorUnits) => {
    expect(toMinorUnits(amount, exponent)).toBe(minorUnits);
  });

  it('equals the exact decimal rule for every number within range', () => {
    const within = fc.double({ min: -1e8, max: 1e8, noNaN: true });
    const cents = fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 100);
    const halves = fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 1000);
    fc.assert(
      fc.property(fc.oneof(within, cents, halves), exponents, (amount, exponent) => {
        expect(BigInt(toMinorUnits(amount, exponent) ?? NaN)).toBe(exactly(String(amount), exponent));
      }),
      { numRuns: 5_000 },
    );
  });

  it('equals the exact decimal rule for decimal text of any length within range', () => {
    const text = fc.stringMatching(/^-?\d{1,8}\.\d{1,40}$/);
    fc.assert(
      fc.property(text, exponents, (amount, exponent) => {
        expect(BigInt(toMinorUnits(amount, exponent) ?? NaN)).toBe(exactly(amount, exponent));
      }),
    );
  });

  it('never makes a negative zero, which would be written differently from zero', () => {
    for (const zero of [-0, '-0', '-0.00', -1e-9, '-0.004']) expect(Object.is(toMinorUnits(zero, 2), 0)).toBe(true);
  });

  it('puts what is out of range out of range', () => {
    for (const amount of [
      1e11,
      -1e11,
      '10000000001',
      1e300,
      '1e999',
      '9'.repeat(500),
      '1e1000000000000000000000',
      '-1e1000000000000000000000',
      `0.${'0'.repeat(900)}1e${'9'.repeat(50)}`,
    ]) {
      expect(Math.abs(toMinorUnits(amount, 2) ?? NaN)).toBeGreaterThan(MAX_AMOUNT);
    }
    expect(toMinorUnits(1e10, 2)).toBe(MAX_AMOUNT);
  });

  it.each([
    undefined,
    null,
    true,
    '',
    '-',
    '.',
    'e5',
    '12,50',
    '1 000',
    ' 1',
    '£5',
    '0x10',
    'NaN',
    'Infinity',
    '9'.repeat(1_001),
    `1e${'9'.repeat(1_000)}`,
    NaN,
    Infinity,
    [],
    {},
  ])('finds no amount in %j', (amount) => {
    expect(toMinorUnits(amount, 2)).toBeNull();
  });
});

it('an amount is a number or none, never NaN, whatever its digits and its power of ten', () => {
  const digits = fc.stringMatching(/^[+-]?\d{0,30}\.?\d{0,30}$/);
  const power = fc.stringMatching(/^([eE][+-]?\d{0,40})?$/);
  fc.assert(
    fc.property(digits, power, exponents, (mantissa, suffix, exponent) => {
      expect(toMinorUnits(mantissa + suffix, exponent)).not.toBeNaN();
    }),
  );
});

describe('currencies', () => {
  it.each([
    ['GBP', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
  ])('%s has %d digits', (currency, digits) => {
    expect(minorUnitExponent(currency)).toBe(digits);
  });

  it.each(['', 'gbp', 'GB', 'GBPX', '£', '826'])('%j is no ISO 4217 code', (currency) => {
    expect(minorUnitExponent(currency)).toBeNull();
  });

  it.each([
    [1250, 'GBP', '12.50 GBP'],
    [-5, 'GBP', '-0.05 GBP'],
    [0, 'KWD', '0.000 KWD'],
    [1250, 'JPY', '1250 JPY'],
  ])('%d minor units of %s are %s', (amount, currency, text) => {
    expect(formatMinorUnits(amount, currency)).toBe(text);
  });

  it('writes what reads back as the same', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -MAX_AMOUNT, max: MAX_AMOUNT }),
        fc.constantFrom('GBP', 'JPY', 'BHD'),
        (amount, currency) => {
          const [text] = formatMinorUnits(amount, currency).split(' ');
          expect(toMinorUnits(text, minorUnitExponent(currency) ?? NaN)).toBe(amount);
        },
      ),
    );
  });
});

describe('whole numbers', () => {
  it.each([
    [5, 5],
    [-5, -5],
    [1e21, 1e21],
    ['5.000', 5],
    ['0.5e1', 5],
    ['50e-1', 5],
    ['-0.0', 0],
    ['0e-5', 0],
    ['1e400', Infinity],
  ])('%j is %d', (written, whole) => {
    expect(toWholeNumber(written)).toBe(whole);
  });

  it.each([
    2.5,
    '4.9999999999999999999',
    '5.0000000000000000001',
    '-0.5',
    '5e-1',
    '1e-999999999',
    '5.0e-1',
    '',
    'five',
    null,
    [5],
  ])('%j is none', (written) => {
    expect(toWholeNumber(written)).toBeNull();
  });

  it('are those whose decimal text, of whatever length, is one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^-?\d{1,12}\.(0{0,30}|\d{1,30})(e[+-]\d{1,2})?$/), (written) => {
        const [, sign = '', whole = '', fraction = '', power = '0'] =
          /^(-?)(\d+)\.(\d*)(?:e(.+))?$/.exec(written) ?? [];
        const shift = Number(power) - fraction.length;
        const divisor = 10n ** BigInt(Math.max(0, -shift));
        const isWhole = (BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, shift))) % divisor === 0n;
        expect(toWholeNumber(written) !== null).toBe(isWhole);
        if (isWhole) expect(toWholeNumber(written)).toBe(toMinorUnits(`${sign}${whole}.${fraction}e${power}`, 0));
      }),
      { numRuns: 2_000 },
    );
  });
});
