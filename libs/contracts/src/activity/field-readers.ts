/** Fields of messages and CloudEvents: ids, names and times, and what is said to those that cannot be read. */
import { daysInMonth, type Instant, isStorable, type Json, MAX_TEXT, parseInstant } from '@perennial/values';
import { poison, type Poison, shown } from '../dead-letter/poison';

/** An id as text: null when there is none (absent, null or empty), undefined when the value cannot be an id. */
export function readId(value: Json | undefined): string | null | undefined {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') return isName(value) ? value : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Whether a value can be a name, such as that of an event: see {@link NAME_LIMIT}. */
export function isName(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT && isStorable(value);
}

/** An event time: null when none is stated, undefined when it cannot be read. */
export function readTime(value: Json | undefined): Instant | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? (parseInstant(value) ?? undefined) : undefined;
}

const TIMES = ['timestamp', 'originalTimestamp', 'sentAt'] as const;

/** The field that says when a message's activity took place: the first that is there. */
export function statedTime(message: { readonly [Field in (typeof TIMES)[number]]?: unknown }):
  | (typeof TIMES)[number]
  | null {
  return TIMES.find((field) => (message[field] ?? null) !== null) ?? null;
}

/** What {@link isName} takes, in words. */
export const NAME_LIMIT = `at most ${MAX_TEXT} characters, without NUL or half a surrogate pair`;
export const ID_LIMIT = `text of ${NAME_LIMIT}, or a whole number below 2^53`;

export function refuseId(field: string, value: Json | undefined): Poison {
  return poison('invalid-shape', `${field} is ${shown(value)}; send ${ID_LIMIT}.`);
}

export function refuseName(field: string, value: Json | undefined): Poison {
  return poison('invalid-shape', `${field} is ${shown(value)}; send a name of ${NAME_LIMIT}.`);
}

export function refuseTime(field: string, value: Json | undefined): Poison {
  return poison('unreadable-timestamp', `${field} ${timeFlaw(value)}.`);
}

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
