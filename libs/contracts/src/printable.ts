/**
 * Control characters (C0, DEL, C1), halves of surrogate pairs, and what reorders or hides text: soft hyphen, zero width
 * space and no-break space, word joiner, invisible operators, line and paragraph separators, directional marks, embeddings,
 * overrides and isolates, interlinear marks and tags. Joiners (U+200C, U+200D) stay: scripts and emoji need them.
 * Source: https://www.unicode.org/reports/tr36/ (3.1, 2.6) and https://www.unicode.org/reports/tr9/ (2).
 */
const UNPRINTABLE =
  /[\0-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu;

/** Untrusted text as one line that is safe on a terminal: what would act on it or hide in it is written as `\u001b`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** The first `limit` characters of an untrusted text, {@link printable}. */
export function excerpt(text: string, limit = 300): string {
  return text.length > limit ? `${printable(text.slice(0, limit))}…` : printable(text);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
