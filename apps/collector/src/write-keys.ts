import { createHmac, randomBytes } from 'node:crypto';
import type { TenantId } from '@perennial/contracts';

/**
 * Which tenant a write key writes for. Keys are looked up by their HMAC under a key of this process: how long a lookup
 * takes says nothing about the keys, since nobody outside can tell which digests are close to each other.
 */
export class WriteKeys {
  readonly #secret = randomBytes(32);
  readonly #tenants: ReadonlyMap<string, TenantId>;

  constructor(tenants: ReadonlyMap<string, TenantId>) {
    this.#tenants = new Map([...tenants].map(([key, tenant]) => [this.#digest(key), tenant]));
  }

  /** Null for an unknown key. */
  tenantOf(key: string): TenantId | null {
    return this.#tenants.get(this.#digest(key)) ?? null;
  }

  #digest(key: string): string {
    return createHmac('sha256', this.#secret).update(key).digest('base64');
  }
}
