import { RetryableError } from '@perennial/values';
import type { EngineObserver, Retried } from './observer';
import type { Timekeeper } from './ports';

const FIRST_WAIT = 50;
const LONGEST_WAIT = 2_000;

export interface RetryContext {
  readonly partition: number;
  readonly observer: EngineObserver;
  readonly time: Timekeeper;
  /** True once the work is not wanted any more (partition revoked, engine stopping). */
  readonly abandoned: () => boolean;
}

/** The work was not done, and is not wanted any more. */
export const ABANDONED = Symbol('abandoned');

/** Tries until it works, or until nobody wants it: what is away comes back, and the partition's queue is bounded meanwhile. */
export async function retrying<T>(
  what: Retried,
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
      // Once told, nobody would take it back: the partition is somebody else's.
      if (!context.abandoned()) {
        failed = true;
        context.observer.retrying(what, context.partition, error);
      }
    }
    await new Promise<void>((resolve) => {
      context.time.after(wait, resolve);
    });
  }
}
