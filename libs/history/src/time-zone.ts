/**
 * Local times of an IANA time zone as instants.
 *
 * 1. A local time that a clock shows twice (it is set back) is the earlier instant; one that it skips (it is set forward) is later
 *    by what was skipped, as `java.time.ZonedDateTime.ofLocal` has it.
 *    Source: https://docs.oracle.com/javase/8/docs/api/java/time/ZonedDateTime.html
 * 2. Offsets are remembered by day of UTC, where a day has one; at most {@link MOST_DAYS}.
 */
import { excerpt, InvalidInput, type Instant, type Millis } from '@perennial/values';

/** A local time, in milliseconds as if it were UTC, as an instant. */
export type FromLocal = (local: Millis) => Instant;

const MINUTE = 60_000;
const DAY = 86_400_000;
const MOST_DAYS = 100_000;
/** E.g. `GMT`, `GMT+02:00`, `GMT-00:01:15`. */
const OFFSET = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** Throws `InvalidInput` when there is no such zone. */
export function fromLocalTime(zone: string): FromLocal {
  const offsetAt = offsetsOf(zone);
  return (local) => {
    const before = offsetAt(local - DAY);
    const earlier = local - before;
    if (offsetAt(earlier) === before) return earlier;
    const after = offsetAt(local + DAY);
    const later = local - after;
    return offsetAt(later) === after ? later : earlier;
  };
}

/** Milliseconds east of UTC at an instant. */
function offsetsOf(zone: string): (instant: Instant) => Millis {
  const format = formatOf(zone);
  /** By day; null where the offset changes within it. */
  const days = new Map<number, Millis | null>();
  const ofDay = (day: number): Millis | null => {
    const known = days.get(day);
    if (known !== undefined) return known;
    if (days.size >= MOST_DAYS) days.clear();
    const first = offsetIn(format, day * DAY);
    const offset = first === offsetIn(format, (day + 1) * DAY) ? first : null;
    days.set(day, offset);
    return offset;
  };
  return (instant) => ofDay(Math.floor(instant / DAY)) ?? offsetIn(format, instant);
}

function offsetIn(format: Intl.DateTimeFormat, instant: Instant): Millis {
  const text = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = OFFSET.exec(text) ?? [];
  const size = (Number(hours) * 60 + Number(minutes)) * MINUTE + Number(seconds) * 1_000;
  return sign === '-' ? 0 - size : size;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  try {
    if (/^[a-z]/i.test(zone)) return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw unknownZone(zone);
}

function unknownZone(zone: string): InvalidInput {
  const city = zone.toLowerCase().replaceAll(' ', '_');
  const near = Intl.supportedValuesOf('timeZone').find((name) => name.toLowerCase().split('/').at(-1) === city);
  const question = near === undefined ? '' : ` Did you mean ${near}?`;
  return new InvalidInput(
    'HISTORY.ZONE',
    `--zone "${excerpt(zone, 80)}" is no time zone.${question} Give an IANA name such as Europe/Berlin, America/New_York or UTC.`,
  );
}
