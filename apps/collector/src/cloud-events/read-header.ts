/** The value of a `ce-` header, read as the HTTP binding of CloudEvents 1.0.2 says (section 3.1.3.2, "HTTP Header Values"). */
export type ReadHeader =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly message: string };

const NOT_ASCII = /[^\0-\x7f]/;
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/s;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A quoted string is taken out of its quotes, then percent sequences are decoded, once. Raw bytes beyond ASCII, which the
 * binding forbids, count as UTF-8. `value`: a character for each byte, as Node gives headers.
 */
export function readHeader(value: string): ReadHeader {
  const text = NOT_ASCII.test(value) ? fromUtf8(value) : value;
  if (text === null) return unreadable('is not UTF-8: percent-encode the UTF-8 bytes of characters beyond ASCII');
  const bare = text.startsWith('"') ? unquoted(text) : text;
  if (bare === null) return unreadable('begins with a quote and does not end with one: percent-encode it as %22');
  const decoded = bare.includes('%') ? percentDecoded(bare) : bare;
  if (decoded === null) {
    return unreadable('holds a percent sign that begins no UTF-8 character: write a percent sign as %25');
  }
  return { kind: 'text', text: decoded };
}

function fromUtf8(value: string): string | null {
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return null;
  }
}

function unquoted(text: string): string | null {
  const inner = QUOTED.exec(text)?.[1];
  return inner === undefined ? null : inner.replace(/\\(.)/gs, '$1');
}

function percentDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function unreadable(message: string): ReadHeader {
  return { kind: 'unreadable', message };
}
