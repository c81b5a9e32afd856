import { createHmac, randomBytes } from 'node:crypto';
import type { TenantId } from '@perennial/values';
import { hashWriteKey, type KeyInForce } from '@perennial/store';

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
