/** Retry of calls that failed as retryable; for running sessions a broken configuration is retryable, too. */
import { setTimeout as realWait } from 'node:timers/promises';
import { InvalidInput, RetryableError } from '@perennial/values';
import type { Database } from './database';

export interface RetryOptions {
  /** A number in [0, 1) for each call: spreads the waits of several processes. */
  readonly random: () => number;
  /** Runs in all, the first included; default 3. */
  readonly attempts?: number;
  /** The wait before the second run is 50 to 100 % of this, and doubles from run to run; default 100. */
  readonly firstWaitMs?: number;
  /** Resolves after so many ms; default: real time. Simulations give their own. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** Runs again what failed as retryable; afterwards the last such error is the caller's. */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { random, attempts = 3, firstWaitMs = 100, wait = realWait } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RetryableError) || attempt >= attempts) throw error;
      await wait(firstWaitMs * 2 ** (attempt - 1) * (0.5 + random() / 2));
    }
  }
}

const MISCONFIGURED = 'STORE.MISCONFIGURED';

/**
 * The database of running sessions. It throws `RetryableError` with the same code and words where `database` throws `InvalidInput`
 * of `STORE.MISCONFIGURED`: a certificate that has expired, a password that was changed, a database that takes no connections.
 * At the start these errors end the process with the remedy. Later they are an outage: the configuration has worked, so
 * whoever changed it can mend it while partitions wait.
 */
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
