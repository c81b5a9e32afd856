import { setTimeout as wait } from 'node:timers/promises';
import { RetryableError } from '@perennial/values';
import { abortable } from '@perennial/stream';
import type { Logger } from 'pino';

const INTERVAL_MS = 1_000;

/** Start-up work that needs broker or database: tried until they are there, or until the service is told to stop, which waits for no try. */
export async function untilAvailable<T>(work: () => Promise<T>, logger: Logger, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await abortable(work(), signal);
    } catch (error) {
      if (!(error instanceof RetryableError) || signal.aborted) throw error;
      logger.warn({ reason: error.message }, 'start-up waits');
    }
    await wait(INTERVAL_MS, undefined, { signal });
  }
}
