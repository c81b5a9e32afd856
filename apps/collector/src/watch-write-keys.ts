/**
 * Keeps the collector's write keys those of the database.
 *
 * 1. A key that was created or revoked counts {@link INTERVAL_MS} and one query later, without a restart.
 * 2. While the database does not answer, the keys that were read last stay as they are; an outage is told once, and its end.
 */
import type { FirstDatabase } from '@perennial/config';
import { type CollectorMetrics, HEALTHY, type Health } from '@perennial/observability';
import { createWriteKeyFeed, type KeyInForce, openDatabase, type WriteKeyFeed } from '@perennial/store';
import { errorText } from '@perennial/values';
import type { Logger } from 'pino';
import type { WriteKeys } from './write-keys';

/** Who hears of the keys that were read. */
export interface KeySinks {
  readonly keys: WriteKeys;
  /** Whether there are keys of a file: with them the collector is of use also before the database has answered. */
  readonly fromFile: boolean;
  readonly metrics: CollectorMetrics;
  readonly logger: Logger;
}

/** From an answer to the next question. */
export const INTERVAL_MS = 1_000;
/** A database that does not say so soon what changed in a small table is away. */
const PATIENCE_MS = 2_000;

/** The keys of a database, while they are followed. */
export interface KeyWatch {
  /** Check: whether there are keys to work with. */
  readonly ready: () => Health;
  /** Ends it; waits for the question under way. */
  readonly end: () => Promise<void>;
}

/** Follows the keys of the database of partition 0. */
export function watchWriteKeys({ url, ssl, queryTimeoutMs }: FirstDatabase, sinks: KeySinks): KeyWatch {
  const tls = ssl === null || ssl === false ? {} : { tls: ssl };
  const database = openDatabase({
    url,
    ...tls,
    queryTimeoutMs: Math.min(queryTimeoutMs, PATIENCE_MS),
    connectTimeoutMs: PATIENCE_MS,
    connections: 1,
    applicationName: 'perennial collector',
  });
  const { observer, ready } = observeKeys(sinks);
  const stop = followWriteKeys(createWriteKeyFeed(database), observer);
  const end = async (): Promise<void> => {
    await stop();
    await database.close();
  };
  return { ready, end };
}

/** Where what is read goes, and what log, metrics and health say of it. Exported for its spec. */
export function observeKeys({ keys, fromFile, metrics, logger }: KeySinks): {
  readonly observer: KeyObserver;
  readonly ready: KeyWatch['ready'];
} {
  let away: string | null = 'not read yet';
  metrics.writeKeysAge.waiting({}, 0);
  metrics.writeKeyReadsFailed.inc(0);
  const observer: KeyObserver = {
    read: (read) => {
      if (read !== null) {
        keys.replace(read);
        metrics.writeKeys.set({ source: 'database' }, read.length);
        logger.info({ keys: read.length }, 'write keys read');
      }
      metrics.writeKeysAge.waiting({}, 0);
      away = null;
    },
    failed: (error) => {
      metrics.writeKeyReadsFailed.inc();
      away = errorText(error);
    },
    outage: (error) => {
      const state = keys.complete ? 'those read before stay in force' : 'none were read before';
      logger.warn({ reason: errorText(error) }, `write keys cannot be read from the database: ${state}`);
    },
    recovered: () => {
      logger.info('write keys are read from the database again');
    },
  };
  return { observer, ready: () => stateOf(away, keys.complete || fromFile) };
}

function stateOf(away: string | null, usable: boolean): Health {
  if (away === null) return HEALTHY;
  const said = `the write keys of the database cannot be read: ${away}`;
  return usable ? { ok: true, detail: `${said}; going on with those known` } : { ok: false, reason: said };
}

/** What {@link followWriteKeys} says. */
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
