import fc from 'fast-check';
import { InvariantViolation } from './errors';
import { formatInstant, parseInstant } from './rfc3339';

const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');
const instants = fc.integer({ min: FIRST, max: LAST });

describe('reading an instant', () => {
  it('reads back every instant that Date writes', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        expect(parseInstant(new Date(ms).toISOString())).toBe(ms);
      }),
    );
  });

  it('agrees with Date on every date and time of day, also those that do not exist', () => {
    const pair = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'));
    const year = fc.integer({ min: 1, max: 9999 }).map((n) => String(n).padStart(4, '0'));
    const part = fc.record({ year, month: pair, day: pair, hour: pair, minute: pair, second: pair });
    const plausible = fc.record({
      year,
      month: fc.constantFrom('01', '02', '04', '12', '13'),
      day: fc.constantFrom('00', '01', '28', '29', '30', '31', '32'),
      hour: fc.constantFrom('00', '23'),
      minute: fc.constantFrom('00', '59'),
      second: fc.constantFrom('00', '59'),
    });
    fc.assert(
      fc.property(fc.oneof(part, plausible), (p) => {
        fc.pre(p.hour !== '24' && p.second !== '60');
        const text = `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}Z`;
        const date = new Date(text);
        // Date rolls 30 February over; a date that does not exist has no instant.
        const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
        expect(parseInstant(text)).toBe(exists ? date.getTime() : null);
      }),
      { numRuns: 2_000 },
    );
  });

  it('applies offsets as Date does', () => {
    const offset = fc.record({
      sign: fc.constantFrom('+', '-'),
      hour: fc.integer({ min: 0, max: 23 }),
      minute: fc.integer({ min: 0, max: 59 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), offset, (ms, { sign, hour, minute }) => {
        const zone = `${sign}${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
        const text = new Date(ms).toISOString().replace('Z', zone);
        expect(parseInstant(text)).toBe(Date.parse(text));
      }),
    );
  });

  it.each([
    ['2010-12-01T08:26Z', '2010-12-01T08:26:00.000Z'],
    ['2010-12-01T08:26+01:00', '2010-12-01T07:26:00.000Z'],
    ['2010-12-01t08:26:01z', '2010-12-01T08:26:01.000Z'],
    ['2010-12-01 08:26:01Z', '2010-12-01T08:26:01.000Z'],
    ['2010-12-01T08:26:01+0530', '2010-12-01T02:56:01.000Z'],
    ['2010-12-01T08:26:01-08', '2010-12-01T16:26:01.000Z'],
    ['2010-12-01T08:26:01-00:00', '2010-12-01T08:26:01.000Z'],
    ['2010-12-01T08:26:01.5Z', '2010-12-01T08:26:01.500Z'],
    ['2010-12-01T08:26:01,25Z', '2010-12-01T08:26:01.250Z'],
    ['2010-12-01T08:26:01.123999999999999999999Z', '2010-12-01T08:26:01.123Z'],
    ['2012-02-29T00:00:00Z', '2012-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads %s as %s', (text, same) => {
    expect(parseInstant(text)).toBe(Date.parse(same));
  });

  it('reads a leap second as the second after it, in any zone', () => {
    expect(parseInstant('2016-12-31T23:59:60Z')).toBe(Date.parse('2017-01-01T00:00:00.000Z'));
    expect(parseInstant('2016-12-31T23:59:60.25Z')).toBe(Date.parse('2017-01-01T00:00:00.250Z'));
    expect(parseInstant('2017-01-01T00:59:60+01:00')).toBe(Date.parse('2017-01-01T00:00:00.000Z'));
  });

  it.each([
    '',
    'Z',
    '2010-12-01',
    '2010-12-01T08Z',
    '2010-12-01T08:26',
    '2010-12-01T08:26:00',
    '2010-12-01T08:26:00.Z',
    '2010-12-01T08:26:00.5',
    '2010-12-01T08:26.5Z',
    '2010-12-01T08:26:00ZZ',
    '2010-12-01T08:26:00Z ',
    ' 2010-12-01T08:26:00Z',
    '2010-12-01T08:26:00+24:00',
    '2010-12-01T08:26:00+01:60',
    '2010-12-01T08:26:00+1:00',
    '2010-12-01T08:26:00+01:0',
    '2010-12-01T08:26:00+010',
    '2010-12-01T24:00:00Z',
    '2010-12-01T12:34:60Z',
    '2010-12-01T08:26:61Z',
    '2010-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2010-04-31T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '9999-12-31T23:59:60Z',
    '+2010-12-01T08:26:00Z',
    '12010-12-01T08:26:00Z',
    '2010-1-01T08:26:00Z',
    '2010/12/01T08:26:00Z',
    '2010-12-01T08.26.00Z',
    '2010-12-01_08:26:00Z',
    '２０10-12-01T08:26:00Z',
    '1291191960',
    'Wed, 01 Dec 2010 08:26:00 GMT',
  ])('does not read %j', (text) => {
    expect(parseInstant(text)).toBeNull();
  });

  it('never answers anything but a whole number of the years 0001 to 9999, or null', () => {
    const characters = fc.stringMatching(/^[-0-9:+.TZ ]$/);
    const near = fc.tuple(instants, fc.nat(30), characters).map(([ms, at, character]) => {
      const text = new Date(ms).toISOString();
      return text.slice(0, at) + character + text.slice(at + 1);
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (text) => {
        const instant = parseInstant(text);
        if (instant !== null) expect(new Date(instant).toISOString()).toBe(formatInstant(instant));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('writing an instant', () => {
  it('writes what Date writes, over all years', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        expect(formatInstant(ms)).toBe(new Date(ms).toISOString());
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([NaN, Infinity, 0.5, FIRST - 1, LAST + 1])('stops on %d, which is no instant', (ms) => {
    expect(() => formatInstant(ms)).toThrow(InvariantViolation);
  });
});
