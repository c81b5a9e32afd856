/**
 * The customers of the inputs at hand: opened before their inputs are decided, put away when what changed of them is packed.
 * What is unpacked of a customer points into the cache, whose bytes packing replaces.
 */
import type { CustomerKey, Instant } from '@perennial/values';
import { type CustomerState } from '@perennial/lifecycle';
import { type ByteSlice, sliceOf } from '@perennial/codec';
import type { StateCache } from './state-cache';

/** One customer, and what the micro-batch changed of it so far. */
export interface Customer {
  readonly key: CustomerKey;
  /** Null: not known yet. */
  state: CustomerState | null;
  /** Offset of the input that changed it last; null: nothing did. */
  changedAt: number | null;
  /** Its deadline row: set, removed (null), or left as it is (undefined). */
  due: Instant | null | undefined;
}

export class Customers {
  private readonly open = new Map<string, Customer>();

  constructor(
    private readonly cache: StateCache,
    private readonly unpack: (key: string, packed: ByteSlice) => CustomerState,
  ) {}

  /** Opens those that the cache knows; answers which are to be loaded. */
  bring(keys: readonly string[]): string[] {
    const missing = new Set<string>();
    for (const key of keys) {
      if (this.open.has(key) || missing.has(key)) continue;
      const cached = this.cache.get(key);
      if (cached === undefined) missing.add(key);
      else this.add(key, cached === null ? null : this.unpack(key, cached));
    }
    return [...missing];
  }

  /** Those that were to be loaded, as the store has them; what is not there becomes known as absent. */
  loaded(keys: readonly string[], rows: ReadonlyMap<string, Uint8Array>): void {
    for (const key of keys) {
      const bytes = rows.get(key);
      const packed = bytes === undefined ? null : sliceOf(bytes);
      this.cache.set(key, packed);
      this.add(key, packed === null ? null : this.unpack(key, packed));
    }
  }

  /** One that is open. */
  get(key: string): Customer {
    const customer = this.open.get(key);
    if (customer === undefined) throw new RangeError(`${key} was not brought`);
    return customer;
  }

  /** What is packed for a commit is what the cache knows from now on. The bytes are copied. */
  packed(key: string, packed: ByteSlice): void {
    this.cache.set(key, packed);
  }

  /** Nothing is at hand any more. */
  putAway(): void {
    this.open.clear();
  }

  private add(key: string, state: CustomerState | null): void {
    this.open.set(key, { key: key as CustomerKey, state, changedAt: null, due: undefined });
  }
}
