import { InvariantViolation } from '@perennial/values';
import type { Database } from './database';
import { drawNumber } from './sql/signed-number';
import { bind } from './statement';

/** Numbers for what the installation's key signs: those of commands, and epochs of importers. */
export interface SignedNumbers {
  /** Greater than all drawn before, and a safe integer; whoever draws one need not use it. */
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
