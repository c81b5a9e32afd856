import type { Json } from './activity';
import { shown } from './dead-letter';

const EXAMPLE = 'such as 2010-12-01T08:26:00Z';
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/;
const ZONE = /(?:[zZ]|[+-]\d\d(?::?\d\d)?)$/;

/** Why a value cannot be read as a time (see `parseInstant`), and the remedy; begins with a verb. */
export function timeFlaw(value: Json | undefined): string {
  const is = `is ${shown(value)}`;
  if (typeof value !== 'string') return `${is}: send text in RFC 3339 with a zone, ${EXAMPLE}`;
  if (!DATE_TIME.test(value)) return `${is}: send RFC 3339 with a zone, ${EXAMPLE}`;
  if (!ZONE.test(value.slice(16))) return `${is}, without a zone: add Z for UTC, or an offset such as +01:00`;
  return `${is}, which is no day and time of the calendar: send one that is, ${EXAMPLE}`;
}
