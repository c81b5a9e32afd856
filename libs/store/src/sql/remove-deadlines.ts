import type { Statement } from '../statement';

/** Locks the rows of its customers. Plan: primary key, one descent per key. */
export const removeDeadlines: Statement<[partition: number, keys: readonly string[]]> = {
  name: 'remove-deadlines',
  text: 'DELETE FROM deadline WHERE partition = $1 AND key = ANY($2::text[])',
};
