/**
 * The variables that say who may send to the collector: lists, compared letter by letter, of origins of pages as browsers send them
 * in `Origin` (https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin) and of DNS names of senders of webhooks; and the file
 * of write keys.
 */
import { tenantId, type TenantId } from '@perennial/values';
import { z } from 'zod';
import { textFile } from './variable';

/** `any`: whoever asks. */
export type AllowedOrigins = ReadonlySet<string> | 'any';

/** Most entries of a list. */
const MAX_ENTRIES = 1_000;
/** A host name has 253 characters at most; scheme and port come on top. */
const MAX_CHARACTERS = 300;
/** The most of a wrong entry that a message shows. */
const MAX_SHOWN = 80;

const NAME = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;
/** Schemes of web views, which the URL standard gives no origin. */
const OTHER_ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9_-]+(\.[a-z0-9_-]+)*(:\d{1,5})?$/;

/** Origins of pages, joined by commas, or `*` alone. */
export const pageOrigins = allowedOrigins(pageOriginFlaw);

/** DNS names of senders of webhooks, joined by commas, or `*` alone. */
export const webhookOrigins = allowedOrigins(webhookOriginFlaw);

/** `flawOf`: what is wrong with an entry, and the remedy; null when nothing is. */
function allowedOrigins(flawOf: (entry: string) => string | null): z.ZodType<AllowedOrigins, string> {
  return z.string().transform((text, context): AllowedOrigins => {
    const entries = text.split(',').map((entry) => entry.trim());
    if (entries.length === 1 && entries[0] === '*') return 'any';
    const problems =
      entries.length > MAX_ENTRIES
        ? [`expected at most ${MAX_ENTRIES} entries, found ${entries.length}`]
        : entries.flatMap((entry, index) => problemOf(entry, index + 1, flawOf));
    // The path has a second part, so that the whole list is not shown beside each of its entries.
    for (const message of problems) context.issues.push({ code: 'custom', input: text, message, path: ['entry'] });
    return problems.length > 0 ? z.NEVER : new Set(entries);
  });
}

function problemOf(entry: string, number: number, flawOf: (entry: string) => string | null): readonly string[] {
  const flaw = commonFlaw(entry) ?? flawOf(entry);
  const shown = entry.length > MAX_SHOWN ? `${entry.slice(0, MAX_SHOWN)}…` : entry;
  return flaw === null ? [] : [`entry ${number}, ${JSON.stringify(shown)}: ${flaw}`];
}

function commonFlaw(entry: string): string | null {
  if (entry === '') return 'is empty: leave out the comma';
  if (entry === '*') return 'allows all, and stands alone: leave out the others, or it';
  if (entry.includes('*')) return 'patterns are not known: list each by itself, or say * alone';
  return entry.length > MAX_CHARACTERS ? `is longer than ${MAX_CHARACTERS} characters` : null;
}

function pageOriginFlaw(entry: string): string | null {
  if (entry === 'null') return 'is what pages without an origin send (files, sandboxed frames), and cannot be allowed';
  const origin = originOf(entry);
  if (origin !== null) return origin === entry ? null : `expected the origin alone, as browsers send it: ${origin}`;
  if (OTHER_ORIGIN.test(entry)) return null;
  const secure = originOf(`https://${entry}`);
  const remedy = entry.includes('://') || secure === null ? 'https://shop.example.org' : secure;
  return `expected scheme and host, and the port unless it is that of the scheme: ${remedy}`;
}

/** The origin of an address of the web; null for all else. */
function originOf(text: string): string | null {
  const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : null;
  return url === null ? null : url.origin;
}

function webhookOriginFlaw(entry: string): string | null {
  if (NAME.test(entry)) return null;
  return 'expected a DNS name in small letters, as the sender says it in WebHook-Request-Origin: eventgrid.azure.net';
}

/** Shorter write keys can be guessed. */
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
