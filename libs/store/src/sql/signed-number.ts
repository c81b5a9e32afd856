import type { Statement } from '../statement';

/**
 * The next number, durable before it is known. Never below the milliseconds since 1970, so that numbers also rise where the
 * database was restored from a backup, or made anew. Locks the one row for a moment. Plan: primary key.
 */
export const drawNumber: Statement<[], { readonly last: number }> = {
  name: 'draw-number',
  text: `
INSERT INTO signed_number AS n (last) VALUES ((extract(epoch FROM clock_timestamp()) * 1000)::bigint)
ON CONFLICT (only_row) DO UPDATE SET last = greatest(n.last + 1, excluded.last)
RETURNING last`,
};
