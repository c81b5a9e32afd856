import type { Statement } from '../statement';

/** No lock: the partition has one owner, and whoever is not fails at commit. Plan: primary key, one descent per key. */
export const loadStates: Statement<
  [partition: number, keys: readonly string[]],
  { readonly key: string; readonly packed: Uint8Array }
> = {
  name: 'load-states',
  text: 'SELECT key, packed FROM customer_state WHERE partition = $1 AND key = ANY($2::text[])',
};
