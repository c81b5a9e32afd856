/** What `JSON.parse` gives (RFC 8259). */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
/** A JSON object. Names are foreign: ask `Object.hasOwn` before a name of one's own choice is read. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Whether a value is a JSON object: neither null nor an array. */
export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Whether a value nests at most `levels` deep; a plain value has no level. */
export function isShallow(json: Json, levels: number): boolean {
  if (typeof json !== 'object' || json === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(json)) return (json as readonly Json[]).every((item) => isShallow(item, levels - 1));
  return isShallowObject(json as JsonObject, levels - 1);
}

/** Field by field: Object.values would make an array for every activity. */
function isShallowObject(object: JsonObject, levels: number): boolean {
  for (const name in object) {
    const value = object[name];
    if (typeof value === 'object' && !isShallow(value, levels)) return false;
  }
  return true;
}
