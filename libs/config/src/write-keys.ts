import { tenantId, type TenantId } from '@perennial/values';
import type { z } from 'zod';
import { textFile } from './variable';

/** Shorter keys can be guessed. */
const LEAST_CHARACTERS = 16;

/** The path of a file that maps write keys to tenants; the value is the map. Messages never show a key. */
export const writeKeysFile = textFile.transform((text, context): ReadonlyMap<string, TenantId> => {
  const read = readWriteKeys(text);
  if (typeof read !== 'string') return read;
  context.issues.push({ code: 'custom', input: text, message: read } satisfies z.core.$ZodRawIssue);
  return new Map();
});

/** The map, or what is wrong. */
function readWriteKeys(text: string): ReadonlyMap<string, TenantId> | string {
  const json = parsed(text);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return 'expected a file with one JSON object, {"key": "tenant"}';
  }
  const keys = new Map<string, TenantId>();
  for (const [key, name] of Object.entries(json)) {
    const tenant = typeof name === 'string' ? tenantId(name) : null;
    if (key.length < LEAST_CHARACTERS) return `a key in the file is shorter than ${LEAST_CHARACTERS} characters`;
    // Basic authentication cannot carry it as a user name.
    if (!/^[\x21-\x39\x3b-\x7e]*$/.test(key))
      return 'a key in the file has a character that is not ASCII, a space or a colon';
    if (tenant === null) return 'a key in the file has no tenant: 1 to 64 characters without a colon';
    keys.set(key, tenant);
  }
  return keys.size === 0 ? 'the file holds no key; the collector would refuse everything' : keys;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
