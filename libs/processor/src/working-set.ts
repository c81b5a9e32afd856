/**
 * The customers of the chunk in work. Their states are deserialized before their inputs are handled, and evicted once what changed
 * is serialized: a deserialized state may alias the cache's bytes, which `store` replaces.
 */
import { type ByteSlice, sliceOf } from '@perennial/codec';
import type { CustomerKey, Instant } from '@perennial/values';
import type { StateCache } from './state-cache';
import type { StateCodec } from './state-rows';

/** One customer, and what the micro-batch changed of it so far. */
export interface Customer<State> {
  readonly key: CustomerKey;
  /** Null: not known yet. */
  state: State | null;
  /** Offset of the input that changed it last; null: nothing did. */
  changedAt: number | null;
  /** Its deadline row: set, removed (null), or left as it is (undefined). */
  due: Instant | null | undefined;
}

/** The customers of one partition that are in work, by key. */
export class WorkingSet<State> {
  private readonly open = new Map<string, Customer<State>>();

  constructor(
    private readonly cache: StateCache,
    private readonly codec: Pick<StateCodec<State>, 'deserialize'>,
  ) {}

  /** Opens the customers that the cache knows. Returns the keys that must be loaded from the store. */
  resolve(keys: readonly string[]): string[] {
    const missing = new Set<string>();
    for (const key of keys) {
      if (this.open.has(key) || missing.has(key)) continue;
      const cached = this.cache.get(key);
      if (cached === undefined) missing.add(key);
      else this.add(key, cached === null ? null : this.codec.deserialize(key, cached));
    }
    return [...missing];
  }

  /** Opens customers as the store has them; a key without a row is a customer that does not exist yet. */
  put(keys: readonly string[], rows: ReadonlyMap<string, Uint8Array>): void {
    for (const key of keys) {
      const row = rows.get(key);
      const bytes = row === undefined ? null : sliceOf(row);
      this.cache.set(key, bytes);
      this.add(key, bytes === null ? null : this.codec.deserialize(key, bytes));
    }
  }

  /** A customer that is open; throws `RangeError` for another. */
  get(key: string): Customer<State> {
    const customer = this.open.get(key);
    if (customer === undefined) throw new RangeError(`${key} was not resolved`);
    return customer;
  }

  /** A changed state, serialized for the commit: what the cache knows from now on. The bytes are copied. */
  store(key: string, bytes: ByteSlice): void {
    this.cache.set(key, bytes);
  }

  evictAll(): void {
    this.open.clear();
  }

  private add(key: string, state: State | null): void {
    this.open.set(key, { key: key as CustomerKey, state, changedAt: null, due: undefined });
  }
}
