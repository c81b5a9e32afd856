/** Write keys: where a request states one, which tenant it writes for, and that none reaches the log. */
import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { OutRecord } from '@perennial/contracts';
import { hashWriteKey, type KeyInForce } from '@perennial/store';
import { isObject, type Json, type TenantId } from '@perennial/values';

/**
 * Which tenant a write key writes for: keys of the file, and those of the database, which are replaced while requests come. Keys
 * are compared by their SHA-256, looked up by an HMAC of it under a key of this process: how long a look-up takes says nothing about
 * the keys, since nobody outside can tell which digests are close to each other.
 */
export class WriteKeys {
  readonly #secret = randomBytes(32);
  readonly #ofFile: ReadonlyMap<string, TenantId>;
  #ofDatabase: ReadonlyMap<string, TenantId> | null;

  /** `file`: key → tenant. `awaited`: there are keys in a database, too, which `replace` will bring. */
  constructor(file: ReadonlyMap<string, TenantId>, database: 'awaited' | 'none') {
    this.#ofFile = new Map([...file].map(([key, tenant]) => [this.#digest(hashWriteKey(key)), tenant]));
    this.#ofDatabase = database === 'awaited' ? null : new Map();
  }

  /** Whether all keys have been read: before, one that is not found may be good. */
  get complete(): boolean {
    return this.#ofDatabase !== null;
  }

  /** The keys of the database from now on. */
  replace(keys: readonly KeyInForce[]): void {
    this.#ofDatabase = new Map(keys.map(({ hash, tenant }) => [this.#digest(hash), tenant]));
  }

  /** Null for a key that is not found. A key that is in both writes for the tenant of the file. */
  tenantOf(key: string): TenantId | null {
    const digest = this.#digest(hashWriteKey(key));
    return this.#ofFile.get(digest) ?? this.#ofDatabase?.get(digest) ?? null;
  }

  #digest(hash: Uint8Array): string {
    return createHmac('sha256', this.#secret).update(hash).digest('base64');
  }
}

/**
 * The write key of the Authorization header: `Basic` with the key as user name, as Segment's libraries send it, or
 * `Bearer`. Null without the header; empty when it holds no key.
 */
export function writeKeyOf({ authorization }: Pick<IncomingHttpHeaders, 'authorization'>): string | null {
  if (authorization === undefined) return null;
  const [scheme = '', credentials = ''] = authorization.trim().split(/ +/, 2);
  switch (scheme.toLowerCase()) {
    case 'basic':
      return Buffer.from(credentials, 'base64').toString('utf8').split(':', 1)[0] ?? '';
    case 'bearer':
      return credentials;
    default:
      return '';
  }
}

/** Segment's browser library puts the key at the top of the body. */
export function writeKeyIn(json: Json | undefined): string | null {
  return isObject(json) && typeof json.writeKey === 'string' ? json.writeKey : null;
}

/** Whether a write key stands anywhere in a record: it must not reach the log, where every reader of the topic sees it. */
export function holdsKey({ key, value, headers }: OutRecord, writeKey: string): boolean {
  const inJson = JSON.stringify(writeKey).slice(1, -1);
  return (
    holds(value, inJson) ||
    holds(key, writeKey) ||
    headers.some((header) => holds(header.name, writeKey) || holds(header.value, writeKey))
  );
}

function holds(bytes: string | Uint8Array | null, text: string): boolean {
  if (bytes === null || typeof bytes === 'string') return bytes?.includes(text) === true;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(text);
}
