import { createHash } from 'node:crypto';
import type { Json, JsonObject, TenantId } from '@perennial/values';
import { without } from '../json-object';

/**
 * The id of a message that has none: a hash of the tenant and all the message says, so that a request that is sent
 * again gives the same. When it was sent is no part of it: clients state that anew.
 */
export function contentId(tenant: TenantId, message: JsonObject): string {
  const said = canonical(without(message, 'sentAt'));
  return `sha256-${createHash('sha256').update(`${tenant}\n${said}`).digest('base64url')}`;
}

/** JSON without white space, fields in the order of their names. */
export function canonical(json: Json): string {
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  if (Array.isArray(json)) return `[${(json as readonly Json[]).map(canonical).join(',')}]`;
  const fields = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${canonical(value)}`).join(',')}}`;
}
