/**
 * A database as running sessions need it: what another configuration of the server would mend (a certificate that has expired, a
 * password that was changed, a database that takes no connections) is waited for, as an outage is. At the start the same errors
 * end the process with the remedy; by then the configuration has worked, so whoever changed it can mend it while partitions wait.
 */
import { InvalidInput, RetryableError } from '@perennial/values';
import type { Database } from './database';

const MISCONFIGURED = 'STORE.MISCONFIGURED';

/** Throws `RetryableError` with the same code and words where `database` throws `InvalidInput` of `STORE.MISCONFIGURED`. */
export function patientDatabase(database: Database): Database {
  return {
    query: (bound) => database.query(bound).catch(retryable),
    transaction: (all) => database.transaction(all).catch(retryable),
    cold: database.cold,
    ping: () => database.ping(),
    close: () => database.close(),
  };
}

function retryable(error: unknown): never {
  if (error instanceof InvalidInput && error.code === MISCONFIGURED)
    throw new RetryableError(error.code, error.message, { cause: error });
  throw error;
}
