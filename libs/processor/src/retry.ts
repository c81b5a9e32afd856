import { RetryableError } from '@perennial/values';
import type { ProcessorObserver, RetriedOperation } from './observer';
import type { Timekeeper } from './ports';

/** In ms. */
const FIRST_WAIT = 50;
const LONGEST_WAIT = 2_000;

/** Whose work is retried, and how it waits. */
export interface RetryContext {
  readonly partition: number;
  readonly observer: ProcessorObserver;
  readonly time: Timekeeper;
  /** From 0 to 1: which part of the second half of a wait is waited. */
  readonly random: () => number;
  /** Whether the work is not wanted any more (partition revoked, process stopping). */
  readonly abandoned: () => boolean;
}

/** The work was not done, and is not wanted any more. */
export const ABANDONED = Symbol('abandoned');

/** Resolves after `ms` of the timekeeper. */
export const elapse = (time: Timekeeper, ms: number): Promise<void> =>
  new Promise((resolve) => {
    time.after(ms, resolve);
  });

/**
 * Retries with exponential backoff (50 ms to 2 s, of which the second half is random) until success or until `abandoned()`.
 * Unbounded on purpose: the bounded queue applies back-pressure. Errors other than `RetryableError` are thrown at once.
 */
export async function retrying<T>(
  what: RetriedOperation,
  context: RetryContext,
  work: () => Promise<T>,
): Promise<T | typeof ABANDONED> {
  for (let wait = FIRST_WAIT, failed = false; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    if (context.abandoned()) {
      if (failed) context.observer.recovered(what, context.partition);
      return ABANDONED;
    }
    try {
      const result = await work();
      if (failed) context.observer.recovered(what, context.partition);
      return result;
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      // Nobody would report the recovery: the partition has another owner.
      if (!context.abandoned()) {
        failed = true;
        context.observer.retrying(what, context.partition, error);
      }
    }
    await elapse(context.time, (wait / 2) * (1 + context.random()));
  }
}
