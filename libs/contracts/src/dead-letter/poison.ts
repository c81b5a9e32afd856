import type { Json } from '@perennial/values';

/** Why a record could not be processed. Stable: metrics, headers and operators rely on the spelling. */
export const DEAD_LETTER_CAUSES = [
  'too-large',
  'null-value',
  'null-key',
  'invalid-key',
  'invalid-utf8',
  'invalid-json',
  'invalid-shape',
  'unknown-type',
  'no-customer',
  'key-mismatch',
  'unreadable-timestamp',
  'future-timestamp',
  'amount-out-of-range',
  'no-definition',
  'unsigned',
  'repeated-command',
  'unknown-command',
  'invalid-command',
  'invalid-definition',
] as const;
export type DeadLetterCause = (typeof DEAD_LETTER_CAUSES)[number];

/** A record that cannot be processed, and what to tell the operator. */
export interface Poison {
  readonly kind: 'poison';
  readonly cause: DeadLetterCause;
  /** What, where, and the remedy, in one sentence; bounded, without customer data beyond the offending value. */
  readonly detail: string;
}

const MAX_DETAIL = 300;

export function poison(cause: DeadLetterCause, detail: string): Poison {
  return { kind: 'poison', cause, detail: detail.length > MAX_DETAIL ? `${detail.slice(0, MAX_DETAIL - 1)}…` : detail };
}

const MAX_SHOWN = 60;

/** An offending value as a detail shows it: bounded, control characters escaped, objects only named. */
export function shown(value: Json | undefined): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  if (typeof value !== 'string') return value === undefined ? 'nothing' : String(value);
  return value.length > MAX_SHOWN ? `${JSON.stringify(value.slice(0, MAX_SHOWN))} (cut)` : JSON.stringify(value);
}
