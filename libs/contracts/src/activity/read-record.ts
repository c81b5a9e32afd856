/** Key and value of a record of the activity topic, from their bytes. */
import { customerKey, type CustomerKey, type Json, type KeyParts, parseKey } from '@perennial/values';
import { poison, type Poison, shown } from '../dead-letter/poison';

/** Deepest nesting of properties: what walks them later (predicates, JSON writers) may recurse. */
export const MAX_NESTING = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A value as JSON, or why it is none. */
type ReadJson = { readonly kind: 'json'; readonly json: Json } | Poison;

/** Reads a record's value: UTF-8 (a byte order mark is skipped), then JSON. */
export function readJson(value: Uint8Array): ReadJson {
  let text: string;
  try {
    text = utf8.decode(value);
  } catch {
    return isOfRegistry(value)
      ? ofRegistry('invalid-utf8')
      : poison('invalid-utf8', 'The value is not UTF-8; send JSON text in UTF-8.');
  }
  try {
    return { kind: 'json', json: JSON.parse(text) as Json };
  } catch {
    return isOfRegistry(value)
      ? ofRegistry('invalid-json')
      : poison('invalid-json', 'The value is not JSON; send one JSON object per record.');
  }
}

/** A serializer of a schema registry writes a zero and four bytes of schema id before the value. */
function isOfRegistry(value: Uint8Array): boolean {
  return value.length > 5 && value[0] === 0;
}

function ofRegistry(cause: 'invalid-utf8' | 'invalid-json'): Poison {
  return poison(
    cause,
    'The value begins with a zero byte, as values of a schema registry do (Avro, Protobuf, JSON Schema); send plain JSON, with a serializer that knows no registry.',
  );
}

/** A customer's key, taken apart. */
export interface ReadKey extends KeyParts {
  readonly kind: 'key';
  /** As it is spelled everywhere else. */
  readonly key: CustomerKey;
}

const keyText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a record's key, as `parseKey` does; the poison says what it lacks. */
export function readKey(key: Uint8Array | null): ReadKey | Poison {
  if (key === null) return poison('null-key', 'The record has no key; send tenant:customer, or the bare customer.');
  let text: string;
  try {
    text = keyText.decode(key);
  } catch {
    return poison('invalid-key', 'The key is not UTF-8; send tenant:customer as text.');
  }
  const parts = parseKey(text);
  if (parts !== null) {
    const { tenant, customer } = parts;
    const isWhole = text.length > customer.length;
    return { kind: 'key', tenant, customer, key: isWhole ? (text as CustomerKey) : customerKey(tenant, customer) };
  }
  return poison(
    'invalid-key',
    `The key is ${shown(text)}; send tenant:customer, at most 64 and 256 characters, neither empty, without NUL.`,
  );
}
