/** What an attribute of a CloudEvent may be: one set of rules for HTTP and Kafka, for structured and binary mode. */
import type { Json, JsonObject } from '@perennial/values';
import { shown } from './dead-letter';

/** CloudEvents 1.0, "Naming conventions"; it advises up to 20 characters, and forbids no more. */
const NAME = /^[a-z0-9]+$/;
/** Of these, quotes around the whole are those of a converter that wrote text as JSON: nobody means them. */
const QUOTED = new Set(['specversion', 'id', 'source', 'type', 'subject', 'time']);
const DATA = new Set(['data', 'data_base64']);

export interface AttributeFlaw {
  readonly name: string;
  /** What, and the remedy; begins with a verb. */
  readonly message: string;
}

/** The first attribute that cannot be one; null when all can. Members that hold the data are passed over. */
export function attributeFlaw(event: JsonObject): AttributeFlaw | null {
  for (const name in event) {
    const value = event[name];
    const message = value === undefined || DATA.has(name) ? null : flawOf(name, value);
    if (message !== null) return { name, message };
  }
  return null;
}

function flawOf(name: string, value: Json): string | null {
  if (!NAME.test(name)) return 'is no attribute: expected a name of small letters and digits';
  if (typeof value === 'object' && value !== null) {
    return `is ${shown(value)}: expected text, a number, true or false`;
  }
  if (typeof value !== 'string') return null;
  // What a decoder puts in place of bytes that are none of UTF-8.
  if (value.includes('\ufffd')) return `is ${shown(value)}, which is not UTF-8: send it in UTF-8`;
  if (QUOTED.has(name) && isQuoted(value)) return `is ${shown(value)}, with quotes around it: send it without them`;
  return null;
}

function isQuoted(text: string): boolean {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"');
}
