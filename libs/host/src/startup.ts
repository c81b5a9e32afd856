import { setTimeout as wait } from 'node:timers/promises';
import { RetryableError } from '@perennial/values';
import type { Logger } from 'pino';

const RETRY_INTERVAL_MS = 1_000;

/** How a start waits for what it needs. Both ways reject at once when `signal` aborts, also while an attempt gets no answer. */
export class Startup {
  constructor(
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly signal: AbortSignal,
  ) {}

  /** Repeats work each second while it throws `RetryableError`, and logs why; rejects with any other error. */
  async untilAvailable<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await this.once(work());
      } catch (error) {
        if (!(error instanceof RetryableError) || this.signal.aborted) throw error;
        this.logger.warn({ reason: error.message }, 'start-up waits');
      }
      await wait(RETRY_INTERVAL_MS, undefined, { signal: this.signal });
    }
  }

  /** Waits for work that retries by itself, as connections of the log do. */
  once<T>(work: Promise<T>): Promise<T> {
    return abortable(work, this.signal);
  }
}

/** Settles as `work` does, or rejects with the signal's reason as soon as that aborts; `work` itself goes on unheard. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', giveUp);
    });
  });
}
