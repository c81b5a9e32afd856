import { type Json, daysInMonth } from '@perennial/values';
import { shown } from './dead-letter';

const EXAMPLE = 'such as 2010-12-01T08:26:00Z';
const DAY = /^(\d{4})-(\d\d)-(\d\d)/;
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/;
const ZONE = /(?:[zZ]|[+-]\d\d(?::?\d\d)?)$/;
// prettier-ignore
const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
];

/** Why a value cannot be read as a time (see `parseInstant`), and the remedy; begins with a verb. */
export function timeFlaw(value: Json | undefined): string {
  const is = `is ${shown(value)}`;
  return typeof value === 'string'
    ? `${is}, which ${timeTextFlaw(value)}`
    : `${is}: write text in RFC 3339, ${EXAMPLE}`;
}

/** The same of a text that stands before; begins with a verb. */
export function timeTextFlaw(text: string): string {
  if (text === '') return `is empty: write RFC 3339 with a zone, ${EXAMPLE}`;
  const day = missingDay(text);
  if (day !== null) return `names ${day}, which does not exist: write a day of the calendar`;
  if (DAY.test(text) && text.length === 10) return `is a day without a time: add it, with a zone, ${EXAMPLE}`;
  if (!DATE_TIME.test(text)) return `is no time in RFC 3339: write it with a zone, ${EXAMPLE}`;
  if (!ZONE.test(text.slice(16))) return 'is without a zone: add Z for UTC, or an offset such as +01:00';
  return `is no time of the calendar: write one that is, ${EXAMPLE}`;
}

/** The day that a text begins with, where its month is shorter; else null. */
function missingDay(text: string): string | null {
  const [, year = '', month = '', day = ''] = DAY.exec(text) ?? [];
  const name = MONTHS[Number(month) - 1];
  if (name === undefined || Number(day) <= daysInMonth(Number(year), Number(month))) return null;
  return `${Number(day)} ${name} ${year}`;
}
