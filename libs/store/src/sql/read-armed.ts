import type { Statement } from '../statement';

/** From the running totals: counting the rows would take long. Plan: the small table of totals of one partition. */
export const readArmed: Statement<[partition: number], { readonly armed: number }> = {
  name: 'read-armed',
  text: `SELECT coalesce(sum(value), 0)::bigint AS armed FROM partition_total WHERE partition = $1 AND name = 'deadlines'`,
};
