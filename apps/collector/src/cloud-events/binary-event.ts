import type { Json, JsonObject } from '@perennial/values';
import type { Refusal } from '../outcome';
import { invalidField } from '../problems';
import type { HeaderValues } from '../request';
import { readHeader } from './read-header';

const PREFIX = 'ce-';

export interface BinaryEvent {
  readonly kind: 'event';
  readonly event: JsonObject;
}

/** An event in binary mode, attributes in `ce-` headers and data in the body, as one in structured mode. */
export function fromBinary(headers: HeaderValues, data: Json | undefined): BinaryEvent | Refusal {
  const event: Record<string, Json> = {};
  for (const [header, values = []] of Object.entries(headers)) {
    if (!header.startsWith(PREFIX)) continue;
    const name = header.slice(PREFIX.length);
    const [value = '', second] = values;
    if (second !== undefined) return invalidField(name, 'is sent in two headers: send one');
    if (name === 'data' || name === 'data_base64') return invalidField(name, 'is no header: send the data as the body');
    const read = readHeader(value);
    if (read.kind === 'unreadable') return invalidField(name, read.message);
    event[name] = read.text;
  }
  return { kind: 'event', event: data === undefined ? event : { ...event, data } };
}
