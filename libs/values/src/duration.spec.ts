import fc from 'fast-check';
import { formatDuration, parseDuration } from './duration';

const DAY = 86_400_000;

describe('reading a duration', () => {
  it.each([
    ['P30D', 30 * DAY],
    ['P1D', DAY],
    ['P2W', 14 * DAY],
    ['PT12H', DAY / 2],
    ['P1DT6H', 1.25 * DAY],
    ['PT24H', DAY],
    ['PT1H30M', 5_400_000],
    ['PT90M', 5_400_000],
    ['PT1S', 1_000],
    ['PT0.001S', 1],
    ['P1DT2H3M4.567S', DAY + 7_384_567],
    ['P36525D', 36_525 * DAY],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, ms });
  });

  it.each(['P1M', 'P6M', 'P1Y', 'P1Y6M', 'P1Y2M10DT2H', 'P1M1D', 'P0.5Y'])(
    'refuses %s, since years and months have no fixed length, and says so',
    (text) => {
      const result = parseDuration(text);
      expect(result).toMatchObject({ ok: false, error: expect.stringContaining('years or months') as string });
      expect(result).toMatchObject({ error: expect.stringContaining('P30D') as string });
    },
  );

  it.each([
    '',
    'P',
    'PT',
    'P1',
    '1D',
    'p1d',
    'P1DT',
    'P-1D',
    '-P1D',
    'P1.5D',
    'PT1.5H',
    'P1W1D',
    'PT1M1H',
    'PT1.2345S',
    '30 days',
    'P1D ',
  ])('refuses %j and shows what to write', (text) => {
    expect(parseDuration(text)).toMatchObject({ ok: false, error: expect.stringContaining('PT12H') as string });
  });

  it('refuses no time and more than 100 years', () => {
    expect(parseDuration('PT0S')).toMatchObject({ ok: false, error: expect.stringContaining('positive') as string });
    expect(parseDuration('P36526D')).toMatchObject({
      ok: false,
      error: expect.stringContaining('100 years') as string,
    });
    expect(parseDuration(`P${'9'.repeat(400)}D`)).toMatchObject({ ok: false });
  });
});

describe('writing a duration', () => {
  it('writes what reads back as the same, in one spelling', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 36_525 * DAY }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toEqual({ ok: true, ms });
      }),
    );
  });

  it.each([
    [0, 'PT0S'],
    [30 * DAY, 'P30D'],
    [1.25 * DAY, 'P1DT6H'],
    [61_001, 'PT1M1.001S'],
    [-90_000, '-PT1M30S'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
