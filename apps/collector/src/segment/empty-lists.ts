import type { Json, JsonObject } from '@perennial/values';
import { isObject } from '../json-object';

/** Fields of a message that hold an object. */
const OBJECTS = ['properties', 'traits', 'context', 'integrations'] as const;

/** PHP writes an object without fields as `[]`: where a message has to hold an object, an empty list is one. */
export function withObjects(message: Json): Json {
  if (!isObject(message) || !hasEmptyLists(message)) return message;
  const mended: Record<string, Json> = { ...message };
  for (const name of OBJECTS) if (isEmptyList(message[name])) mended[name] = {};
  if (isEmptyList(traitsIn(message))) mended['context'] = { ...contextOf(message), traits: {} };
  return mended;
}

function hasEmptyLists(message: JsonObject): boolean {
  for (const name of OBJECTS) if (isEmptyList(message[name])) return true;
  return isEmptyList(traitsIn(message));
}

function contextOf({ context }: JsonObject): JsonObject | undefined {
  return isObject(context) ? context : undefined;
}

function traitsIn(message: JsonObject): Json | undefined {
  return contextOf(message)?.traits;
}

function isEmptyList(value: Json | undefined): boolean {
  return Array.isArray(value) && value.length === 0;
}
