import { InvariantViolation } from './errors';
import type { Instant, Millis } from './ids';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 0001-01-01T00:00:00.000Z */
const FIRST = -62_135_596_800_000;
/** 9999-12-31T23:59:59.999Z */
export const LAST_INSTANT = 253_402_300_799_999;

const ZERO = 0x30;
const PLUS = 0x2b;
const COMMA = 0x2c;
const HYPHEN = 0x2d;
const POINT = 0x2e;
const COLON = 0x3a;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const LOWER_CASE = 0x20;

/** The number at `from` of `digits` digits; NaN where there is another character. */
function number(text: string, from: number, digits: number): number {
  let value = 0;
  for (let at = from; at < from + digits; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** The whole text, from the end of the seconds or minutes on, as minutes east of UTC; null when it is no offset. */
function offsetMinutes(text: string, from: number): number | null {
  const sign = text.charCodeAt(from);
  const length = text.length - from;
  if (length === 1) return (sign & ~LOWER_CASE) === LETTER_Z ? 0 : null;
  if (sign !== PLUS && sign !== HYPHEN) return null;
  const colon = text.charCodeAt(from + 3) === COLON ? 1 : 0;
  if (length !== 3 && length !== 5 + colon) return null;
  const hours = number(text, from + 1, 2);
  const minutes = length === 3 ? 0 : number(text, from + 3 + colon, 2);
  if (!(hours <= 23 && minutes <= 59)) return null;
  return (sign === PLUS ? 1 : -1) * (hours * 60 + minutes);
}

/** The date as milliseconds, NaN when there is no such day. */
function dateMillis(text: string): Millis {
  if (text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return NaN;
  const year = number(text, 0, 4);
  const month = number(text, 5, 2);
  const day = number(text, 8, 2);
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return NaN;
  return daysFromCivil(year, month, day) * DAY;
}

/** Digits of a fraction of a second from `from` on, as whole milliseconds (more digits are cut off), and where they end. */
function fraction(text: string, from: number): { readonly ms: Millis; readonly end: number } {
  let ms = 0;
  let weight = 100;
  let at = from;
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) break;
    ms += digit * weight;
    weight = weight >= 10 ? weight / 10 : 0;
  }
  return { ms, end: at };
}

function isSeparator(code: number): boolean {
  return (code & ~LOWER_CASE) === LETTER_T || code === LOWER_CASE;
}

/**
 * Reads an RFC 3339 / ISO 8601 date-time with a zone: `YYYY-MM-DDTHH:mm[:ss[.fraction]]` and `Z`, `±HH:mm`, `±HHmm` or `±HH`.
 * `T` and `Z` may be lower case, `T` may be a space, the decimal sign may be a comma; a fraction is cut to milliseconds.
 * A leap second (23:59:60 UTC) is read as the second after it. Null: anything else, no zone, or outside the years 0001–9999.
 */
export function parseInstant(text: string): Instant | null {
  const date = dateMillis(text);
  const hour = number(text, 11, 2);
  const minute = number(text, 14, 2);
  if (!(hour <= 23 && minute <= 59) || text.charCodeAt(13) !== COLON || !isSeparator(text.charCodeAt(10))) return null;
  let second = 0;
  let ms = 0;
  let end = 16;
  if (text.charCodeAt(16) === COLON) {
    second = number(text, 17, 2);
    end = 19;
    const sign = text.charCodeAt(19);
    if (sign === POINT || sign === COMMA) {
      ({ ms, end } = fraction(text, 20));
      if (end === 20) return null;
    }
  }
  const offset = offsetMinutes(text, end);
  if (offset === null || !(second <= 60)) return null;
  const instant = date + hour * HOUR + (minute - offset) * MINUTE + second * SECOND + ms;
  if (!(instant >= FIRST && instant <= LAST_INSTANT)) return null;
  if (second === 60 && instant % DAY !== ms) return null;
  return instant;
}

function tens(n: number): number {
  return ZERO + (Math.floor(n / 10) % 10);
}
function ones(n: number): number {
  return ZERO + (n % 10);
}

/** Writes an instant as `YYYY-MM-DDTHH:mm:ss.sssZ`. Throws `InvariantViolation` outside the years 0001–9999. */
export function formatInstant(instant: Instant): string {
  if (!(Number.isInteger(instant) && instant >= FIRST && instant <= LAST_INSTANT)) {
    throw new InvariantViolation(
      'INSTANT.OUT_OF_RANGE',
      `${instant} is no instant in whole milliseconds of the years 0001 to 9999; the code that made it is wrong.`,
    );
  }
  const days = Math.floor(instant / DAY);
  const rest = instant - days * DAY;
  const { year, month, day } = civilFromDays(days);
  const century = Math.floor(year / 100);
  const hour = Math.floor(rest / HOUR);
  const minute = Math.floor(rest / MINUTE) % 60;
  const second = Math.floor(rest / SECOND) % 60;
  const ms = rest % SECOND;
  // One call makes one flat string: half the cost of joining fifteen pieces (measured: 159 to 288 ns).
  // prettier-ignore
  return String.fromCharCode(
    tens(century), ones(century), tens(year), ones(year), HYPHEN, tens(month), ones(month), HYPHEN, tens(day), ones(day),
    LETTER_T, tens(hour), ones(hour), COLON, tens(minute), ones(minute), COLON, tens(second), ones(second),
    POINT, ones(Math.floor(ms / 100)), tens(ms), ones(ms), LETTER_Z,
  );
}

// Days by Howard Hinnant's days_from_civil and civil_from_days (https://howardhinnant.github.io/date_algorithms.html).

/** A day of the proleptic Gregorian calendar. `month` 1–12, `day` 1–31. */
interface CivilDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const ERA_YEARS = 400;
const ERA_DAYS = 146_097;
/** Days from 0000-03-01 to 1970-01-01. Years start in March here, so that the leap day is the last of its year. */
const EPOCH = 719_468;

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Length of a month; 0 when there is no such month. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2 && isLeap(year)) return 29;
  return MONTH_LENGTHS[month - 1] ?? 0;
}

/** Days from 1970-01-01 to a day of year 0 or later. */
function daysFromCivil(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / ERA_YEARS);
  const yearOfEra = marchYear - era * ERA_YEARS;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * ERA_DAYS + dayOfEra - EPOCH;
}

/** The day that is `days` after 1970-01-01. */
function civilFromDays(days: number): CivilDay {
  const shifted = days + EPOCH;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * ERA_YEARS + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}
