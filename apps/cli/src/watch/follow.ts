import type { LogBatch } from '@perennial/contracts';
import { pulseOf, stackEnd, type StackPulse } from '@perennial/dev-stack';
import type { Connection } from '../connection';

export interface Following {
  readonly topics: readonly string[];
  readonly from: 'beginning' | 'end';
  readonly interrupted: AbortSignal;
  readonly batch: (batch: LogBatch) => void;
}

/** Why there is nothing more to read. */
export type FollowEnd = 'interrupted' | Exclude<StackPulse, 'runs'>;

/** Reads topics as they grow, until interrupted or until the stack that the log belongs to is no more. */
export async function follow(
  { log, home }: Pick<Connection, 'log' | 'home'>,
  { topics, from, interrupted, batch }: Following,
): Promise<FollowEnd> {
  const over = new AbortController();
  const gone = new AbortController();
  if (home !== null) {
    stackEnd(home, over.signal).then(
      () => {
        gone.abort();
      },
      () => undefined, // not of interest any more
    );
  }
  const signal = AbortSignal.any([interrupted, gone.signal]);
  try {
    await Promise.all(topics.map((topic) => log.reader().read({ topic, from, signal, batch })));
  } catch (error) {
    // A log inside the process that ends may be gone before that is noticed.
    if (home === null || pulseOf(home) === 'runs') throw error;
  } finally {
    over.abort();
  }
  const pulse = interrupted.aborted || home === null ? 'runs' : pulseOf(home);
  return pulse === 'runs' ? 'interrupted' : pulse;
}
