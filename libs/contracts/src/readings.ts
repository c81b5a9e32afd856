import { type Json, isStorable, MAX_TEXT, type Instant, parseInstant } from '@perennial/values';
import { poison, shown, type Poison } from './dead-letter';
import { timeFlaw } from './time-flaw';

/** An id as text: null when there is none (absent, null or empty), undefined when the value cannot be an id. */
export function readId(value: Json | undefined): string | null | undefined {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') return isName(value) ? value : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

export function isName(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT && isStorable(value);
}

/** An event time: null when none is stated, undefined when it cannot be read. */
export function readTime(value: Json | undefined): Instant | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? (parseInstant(value) ?? undefined) : undefined;
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
