import type { Json, JsonObject } from '@perennial/contracts';
import type { IncomingHttpHeaders } from 'node:http';

const PREFIX = 'ce-';

/** An event in binary mode, attributes in `ce-` headers and data in the body, as one in structured mode. */
export function fromBinary(headers: IncomingHttpHeaders, data: Json | undefined): JsonObject {
  const attributes = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(PREFIX) && typeof value === 'string'
      ? [[name.slice(PREFIX.length), unescaped(value)] as const]
      : [],
  );
  return { ...Object.fromEntries(attributes), ...(data === undefined ? {} : { data }) };
}

/** Headers carry characters beyond ASCII percent-encoded. */
function unescaped(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
