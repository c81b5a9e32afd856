/**
 * Headers of a record: a list, as the log has it. A name may occur several times, and values are bytes that need not be text.
 * Whoever reads a header by its name takes the last of that name, as Kafka's `Headers.lastHeader` does
 * (https://kafka.apache.org/39/javadoc/org/apache/kafka/common/header/Headers.html).
 */
export interface Header {
  /** Bytes where the name is not UTF-8. */
  readonly name: string | Uint8Array;
  /** Null is another value than none. */
  readonly value: Uint8Array | null;
}
export type Headers = readonly Header[];

/** A header to be written. */
export interface OutHeader {
  readonly name: string | Uint8Array;
  /** Text is written as UTF-8. */
  readonly value: string | Uint8Array | null;
}
export type OutHeaders = readonly OutHeader[];

export const NO_HEADERS: Headers = [];

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A header for each name, in the order of the object. */
export function headersOf(texts: Readonly<Record<string, string>>): OutHeaders {
  return Object.entries(texts).map(([name, value]) => ({ name, value }));
}

/** The last value of a name as text; undefined when there is none, or it is null; null when it is not UTF-8. */
export function headerText(headers: OutHeaders, name: string): string | null | undefined {
  for (let index = headers.length - 1; index >= 0; index--) {
    const header = headers[index];
    if (header?.name !== name) continue;
    return header.value === null ? undefined : textOf(header.value);
  }
  return undefined;
}

/**
 * The texts of all headers whose names begin with `prefix`, by the rest of the name; of several with one name the last, none
 * where that is null. Null when one that counts is not UTF-8.
 */
export function headerTexts(headers: OutHeaders, prefix: string): Readonly<Record<string, string>> | null {
  const values = new Map<string, OutHeader['value']>();
  for (const { name, value } of headers)
    if (typeof name === 'string' && name.startsWith(prefix)) values.set(name, value);
  const texts: Record<string, string> = {};
  for (const [name, value] of values) {
    if (value === null) continue;
    const text = textOf(value);
    if (text === null) return null;
    texts[name.slice(prefix.length)] = text;
  }
  return texts;
}

export const hasHeader = (headers: OutHeaders, name: string): boolean => headers.some((header) => header.name === name);

/** As a log keeps them: bytes of its own. */
export function storedHeaders(headers: OutHeaders): Headers {
  return headers.map(({ name, value }) => ({
    name: typeof name === 'string' ? name : name.slice(),
    value: typeof value === 'string' ? encoder.encode(value) : (value?.slice() ?? null),
  }));
}

function textOf(value: string | Uint8Array): string | null {
  if (typeof value === 'string') return value;
  try {
    return decoder.decode(value);
  } catch {
    return null;
  }
}
