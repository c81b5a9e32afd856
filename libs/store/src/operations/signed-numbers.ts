import { InvariantViolation } from '@perennial/values';
import type { Database } from '../postgres/database';
import { bind, type Statement } from '../postgres/statement';

/** Numbers for what the installation's key signs: those of commands, and epochs of importers. */
export interface SignedNumbers {
  /** Greater than all drawn before, and a safe integer; gaps are allowed. */
  next(): Promise<number>;
}

/** In the database of partition 0. */
export function createSignedNumbers(database: Database): SignedNumbers {
  return {
    next: async () => {
      const [drawn] = await database.query(bind(drawNumber));
      if (drawn !== undefined) return drawn.last;
      throw new InvariantViolation('STORE.NO_NUMBER', 'No number was drawn for a signature: look at signed_number.');
    },
  };
}

/**
 * The next number, durable before it is known. Never below the milliseconds since 1970, so that numbers also rise where the
 * database was restored from a backup, or made anew. Locks the one row for a moment. Plan: primary key.
 */
const drawNumber: Statement<[], { readonly last: number }> = {
  name: 'draw-number',
  text: `
INSERT INTO signed_number AS n (last) VALUES ((extract(epoch FROM clock_timestamp()) * 1000)::bigint)
ON CONFLICT (only_row) DO UPDATE SET last = greatest(n.last + 1, excluded.last)
RETURNING last`,
};
