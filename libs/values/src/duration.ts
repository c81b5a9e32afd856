import type { Millis } from './ids';

/** A length in milliseconds, above zero; or what is wrong with the text and the remedy, in a sentence. */
export type ParsedDuration =
  | { readonly ok: true; readonly ms: Millis }
  | { readonly ok: false; readonly error: string };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Of exactly 24 hours: durations know no calendar. */
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** 100 years of 365.25 days. */
const MAX_DURATION = 36_525 * DAY;

const WEEKS = /^P(\d+)W$/;
const DAYS_AND_SMALLER = /^P(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/;
const CALENDAR = /^P[\d.,]*[YM]/;
const REMEDY = 'write days and smaller, such as P30D, PT12H, P1DT6H or P2W';

/** Reads an ISO 8601 duration of days and smaller: P1D = 24 h, P2W = 14 days, positive, at most P36525D (100 years). */
export function parseDuration(text: string): ParsedDuration {
  const quoted = JSON.stringify(text.slice(0, 40));
  if (CALENDAR.test(text)) {
    return { ok: false, error: `${quoted} has years or months, whose length depends on the calendar; ${REMEDY}.` };
  }
  const ms = durationMillis(text);
  if (ms === null) return { ok: false, error: `${quoted} is no ISO 8601 duration; ${REMEDY}.${meant(text)}` };
  if (ms <= 0) return { ok: false, error: `${quoted} is no time at all; write a positive duration, such as PT1S.` };
  if (ms > MAX_DURATION) return { ok: false, error: `${quoted} is more than 100 years; write at most P36525D.` };
  return { ok: true, ms };
}

/** How a duration in everyday words is written. */
function meant(text: string): string {
  const [, count, unit = ''] = /^p?(\d{1,5}) ?(d|w|h|days?|weeks?|hours?)$/i.exec(text) ?? [];
  if (count === undefined) return '';
  const letter = unit.charAt(0).toUpperCase();
  return ` Did you mean "P${letter === 'H' ? 'T' : ''}${count}${letter}"?`;
}

function durationMillis(text: string): Millis | null {
  const weeks = WEEKS.exec(text);
  if (weeks !== null) return Number(weeks[1]) * WEEK;
  const parts = DAYS_AND_SMALLER.exec(text);
  if (parts === null) return null;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  // Milliseconds have at most three digits after the point: rounding only undoes binary noise.
  return Number(days) * DAY + Number(hours) * HOUR + Number(minutes) * MINUTE + Math.round(Number(seconds) * SECOND);
}

/** Writes a duration as ISO 8601 in days and smaller, e.g. `P1DT6H`; nothing is `PT0S`, a negative one has a leading `-`. */
export function formatDuration(ms: Millis): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms === 0) return 'PT0S';
  const part = (size: Millis, limit: Millis, unit: string): string => {
    const amount = Math.floor((ms % limit) / size);
    return amount === 0 ? '' : `${amount}${unit}`;
  };
  const rest = ms % MINUTE;
  const seconds = rest === 0 ? '' : `${rest / SECOND}S`;
  const time = part(HOUR, DAY, 'H') + part(MINUTE, HOUR, 'M') + seconds;
  return `P${part(DAY, Infinity, 'D')}${time === '' ? '' : `T${time}`}`;
}
