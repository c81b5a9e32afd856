/**
 * Control characters (C0, DEL, C1), halves of surrogate pairs, line and paragraph separators, and format characters: what
 * reorders text (directional marks, embeddings, overrides, isolates) or hides in it (zero width spaces, soft hyphen, tags).
 * Joiners (U+200C, U+200D) stay: scripts and emoji need them. Source: https://www.unicode.org/reports/tr36/
 */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Untrusted text as one line that is safe on a terminal: what would act on it or hide in it is written as in JSON, `\u001b`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** The first `limit` characters of an untrusted text, {@link printable}. */
export function excerpt(text: string, limit = 300): string {
  return text.length > limit ? `${printable(text.slice(0, limit))}…` : printable(text);
}

/** By UTF-16 code unit. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
