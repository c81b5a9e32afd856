import type { Json } from '@perennial/values';
import { poison, type Poison } from './dead-letter';

/** Deepest nesting of properties: what walks them later (predicates, JSON writers) may recurse. */
export const MAX_NESTING = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

export type ReadJson = { readonly kind: 'json'; readonly json: Json } | Poison;

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
