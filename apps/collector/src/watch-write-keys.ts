/** The keys of the database: where what is read of them goes, and what log, metrics and health say of it. */
import type { FirstDatabase } from '@perennial/config';
import { HEALTHY, type CollectorMetrics, type Health, type HealthRegistry } from '@perennial/observability';
import { createWriteKeyFeed, openDatabase } from '@perennial/store';
import type { Logger } from 'pino';
import { followWriteKeys, type KeyObserver } from './follow-write-keys';
import type { WriteKeys } from './write-keys';

export interface KeySinks {
  readonly keys: WriteKeys;
  /** Whether there are keys of a file: with them the collector is of use also before the database has answered. */
  readonly fromFile: boolean;
  readonly metrics: CollectorMetrics;
  readonly health: HealthRegistry;
  readonly logger: Logger;
}

/** A database that does not say so soon what changed in a small table is away. */
const PATIENCE_MS = 2_000;

/** Follows the keys of the database of partition 0 until the returned function is called. */
export function watchWriteKeys({ url, ssl, queryTimeoutMs }: FirstDatabase, sinks: KeySinks): () => Promise<void> {
  const tls = ssl === null || ssl === false ? {} : { tls: ssl };
  const database = openDatabase({
    url,
    ...tls,
    queryTimeoutMs: Math.min(queryTimeoutMs, PATIENCE_MS),
    connectTimeoutMs: PATIENCE_MS,
    connections: 1,
    applicationName: 'perennial collector',
  });
  const stop = followWriteKeys(createWriteKeyFeed(database), observeKeys(sinks));
  return async () => {
    await stop();
    await database.close();
  };
}

/** Exported for its spec. */
export function observeKeys({ keys, fromFile, metrics, health, logger }: KeySinks): KeyObserver {
  let away: string | null = 'not read yet';
  metrics.writeKeysAge.waiting({}, 0);
  metrics.writeKeyReadsFailed.inc(0);
  health.add('ready', 'write-keys', () => stateOf(away, keys.complete || fromFile));
  return {
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
      away = messageOf(error);
    },
    outage: (error) => {
      const state = keys.complete ? 'those read before stay in force' : 'none were read before';
      logger.warn({ reason: messageOf(error) }, `write keys cannot be read from the database: ${state}`);
    },
    recovered: () => {
      logger.info('write keys are read from the database again');
    },
  };
}

function stateOf(away: string | null, usable: boolean): Health {
  if (away === null) return HEALTHY;
  const said = `the write keys of the database cannot be read: ${away}`;
  return usable ? { ok: true, detail: `${said}; going on with those known` } : { ok: false, reason: said };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
