/**
 * Keeps the collector's write keys those of the database.
 *
 * 1. A key that was created or revoked counts {@link INTERVAL_MS} and one query later, without a restart.
 * 2. While the database does not answer, the keys that were read last stay as they are; an outage is told once, and its end.
 */
import type { KeyInForce, WriteKeyFeed } from '@perennial/store';

/** From an answer to the next question. */
export const INTERVAL_MS = 1_000;

export interface KeyObserver {
  /** The database answered; null: nothing has changed. */
  readonly read: (keys: readonly KeyInForce[] | null) => void;
  /** It did not, whether for the first time or not. */
  readonly failed: (error: unknown) => void;
  /** It does not answer any more. */
  readonly outage: (error: unknown) => void;
  /** It answers again. */
  readonly recovered: () => void;
}

/** Asks at once, then again and again; returns how to stop, which waits for the question under way. */
export function followWriteKeys(
  feed: WriteKeyFeed,
  observer: KeyObserver,
  intervalMs = INTERVAL_MS,
): () => Promise<void> {
  let stopped = false;
  let away = false;
  let timer: NodeJS.Timeout | null = null;
  const ask = async (): Promise<void> => {
    try {
      const keys = await feed.next();
      observer.read(keys);
      if (away) observer.recovered();
      away = false;
    } catch (error) {
      observer.failed(error);
      if (!away) observer.outage(error);
      away = true;
    }
    if (stopped) return;
    timer = setTimeout(() => {
      asking = ask();
    }, intervalMs);
  };
  let asking = ask();
  return async () => {
    stopped = true;
    if (timer !== null) clearTimeout(timer);
    await asking;
  };
}
