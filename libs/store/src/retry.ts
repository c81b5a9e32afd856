import { setTimeout as realWait } from 'node:timers/promises';
import { RetryableError } from '@perennial/values';

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
