/** Headers as JSON: a pair of base64 texts for each, in their order, so that any bytes come back as they were. */
import type { Headers, OutHeaders } from '@perennial/contracts';

/** Of name and value. */
export type HeaderPairs = [string, string | null][];

export function toPairs(headers: OutHeaders): HeaderPairs {
  return headers.map(({ name, value }) => [base64(name), value === null ? null : base64(value)]);
}

export function fromPairs(pairs: HeaderPairs): Headers {
  return pairs.map(([name, value]) => ({
    name: headerName(Buffer.from(name, 'base64')),
    value: value === null ? null : Buffer.from(value, 'base64'),
  }));
}

/** Text, or the bytes as they are where they are not UTF-8. */
export function headerName(bytes: Buffer): string | Uint8Array {
  const text = bytes.toString('utf8');
  return text.includes(REPLACEMENT) && !Buffer.from(text).equals(bytes) ? bytes : text;
}

/** What stands for bytes that are not UTF-8, once they were decoded. */
const REPLACEMENT = '\ufffd';

const base64 = (piece: string | Uint8Array): string => Buffer.from(piece as string).toString('base64');
