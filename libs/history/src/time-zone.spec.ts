import { formatInstant, parseInstant } from '@perennial/values';
import fc from 'fast-check';
import { fromLocalTime } from './time-zone';

const local = (text: string): number => parseInstant(`${text}Z`) ?? Number.NaN;
const instant = (zone: string, text: string): string => formatInstant(fromLocalTime(zone)(local(text)));

describe('A local time', () => {
  it.each([
    ['Europe/Berlin', '2024-01-15T12:00', '2024-01-15T11:00:00.000Z'],
    ['Europe/Berlin', '2024-07-15T12:00', '2024-07-15T10:00:00.000Z'],
    ['Asia/Kathmandu', '2024-07-15T12:00', '2024-07-15T06:15:00.000Z'],
    ['UTC', '2024-07-15T12:00', '2024-07-15T12:00:00.000Z'],
    ['europe/berlin', '2024-01-15T12:00', '2024-01-15T11:00:00.000Z'],
    // Skipped: later by what was skipped.
    ['Europe/Berlin', '2024-03-31T01:59:59.999', '2024-03-31T00:59:59.999Z'],
    ['Europe/Berlin', '2024-03-31T02:30', '2024-03-31T01:30:00.000Z'],
    ['Europe/Berlin', '2024-03-31T03:00', '2024-03-31T01:00:00.000Z'],
    ['Australia/Lord_Howe', '2024-10-06T02:15', '2024-10-05T15:45:00.000Z'],
    ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T22:00:00.000Z'],
    ['America/Sao_Paulo', '2018-11-04T00:00', '2018-11-04T03:00:00.000Z'],
    // Twice: the earlier one.
    ['Europe/Berlin', '2024-10-27T01:59', '2024-10-26T23:59:00.000Z'],
    ['Europe/Berlin', '2024-10-27T02:30', '2024-10-27T00:30:00.000Z'],
    ['Europe/Berlin', '2024-10-27T03:00', '2024-10-27T02:00:00.000Z'],
    ['America/New_York', '2024-11-03T01:30', '2024-11-03T05:30:00.000Z'],
    // Before there were zones: Berlin's own time, 53 minutes and 28 seconds east.
    ['Europe/Berlin', '1890-01-01T00:00', '1889-12-31T23:06:32.000Z'],
  ])('of %s, %s, is %s', (zone, text, expected) => {
    expect(instant(zone, text)).toBe(expected);
  });

  const zones = fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'America/St_Johns',
    'Africa/Casablanca',
    'Asia/Tehran',
    'Pacific/Chatham',
    'Australia/Lord_Howe',
  );
  const minutes = fc.integer({ min: Date.UTC(1975, 0) / 60_000, max: Date.UTC(2035, 0) / 60_000 });

  it('of any instant is that instant, or an earlier one with the same local time', () => {
    fc.assert(
      fc.property(zones, minutes, (zone, minute) => {
        const at = minute * 60_000;
        const shown = shownIn(zone, at);
        const found = fromLocalTime(zone)(shown);
        expect(found).toBeLessThanOrEqual(at);
        expect(shownIn(zone, found)).toBe(shown);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['Europe/Berln', '--zone "Europe/Berln" is no time zone. Give an IANA name such as Europe/Berlin'],
    ['Berlin', '--zone "Berlin" is no time zone. Did you mean Europe/Berlin?'],
    ['new york', 'Did you mean America/New_York?'],
    ['', '--zone "" is no time zone.'],
    ['+01:00', '--zone "+01:00" is no time zone.'],
  ])('of the zone %j is refused', (zone, says) => {
    expect(() => fromLocalTime(zone)).toThrow(says);
  });

  it('is found without asking for each: 200,000 of ten years ask for some offsets of each day', () => {
    const asked = jest.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');
    const fromLocal = fromLocalTime('Europe/Berlin');
    for (let n = 0; n < 200_000; n++) fromLocal(Date.UTC(2014, 0) + n * 1_600_000);
    expect(asked.mock.calls.length).toBeLessThan(20_000);
    asked.mockRestore();
  });
});

/** What a clock there shows, in milliseconds as if it were UTC: by another way than the one that is tested. */
function shownIn(zone: string, at: number): number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return local(format.format(at));
}
