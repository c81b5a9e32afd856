import type { TenantId } from '@perennial/values';
import { z } from 'zod';
import type { AllowedOrigins } from './allowed-senders';
import { databaseAccessChecks, firstDatabase } from './database-environment';
import { kafkaChecks, kafkaEnvironment, kafkaSettings } from './kafka-environment';
import { type CrossCheck, crossChecked } from './variable';
import { variables } from './variables';

const own = z.object(variables).pick({
  TOPIC_PREFIX: true,
  COLLECTOR_HOST: true,
  COLLECTOR_PORT: true,
  COLLECTOR_IN_FLIGHT_BYTES: true,
  COLLECTOR_CONNECTIONS: true,
  COLLECTOR_CORS_ORIGINS: true,
  COLLECTOR_WEBHOOK_ORIGINS: true,
  WRITE_KEYS_FILE: true,
  DATABASE_URL: true,
  DATABASE_URLS: true,
  DATABASE_SSL: true,
  DATABASE_SSL_CA_FILE: true,
  QUERY_TIMEOUT_MS: true,
  LOG_LEVEL: true,
});
const NOBODY: AllowedOrigins = new Set();
const flat = z.object({ ...kafkaEnvironment.shape, ...own.shape });

const keysChecks: readonly CrossCheck<z.output<typeof own>>[] = [
  {
    names: ['WRITE_KEYS_FILE', 'DATABASE_URL', 'DATABASE_URLS'],
    holds: (v) => v.WRITE_KEYS_FILE !== undefined || firstDatabase(v) !== null,
    message:
      'not set. File with the write keys, as JSON: {"key": "tenant"}; or set DATABASE_URL, for the keys of `perennial write-key create`',
  },
  {
    names: ['DATABASE_URLS'],
    holds: (v) => v.DATABASE_URLS === undefined || firstDatabase(v) !== null,
    message: 'no entry has partition 0, where the write keys are',
  },
];

/** What the collector needs to know, checked; for `readEnvironment`. */
export const collectorEnvironment = crossChecked(flat, [
  ...kafkaChecks,
  ...databaseAccessChecks,
  ...keysChecks,
]).transform((v) => ({
  /** Null: the log lives in this process and is handed over by the host. */
  kafka: kafkaSettings(v),
  topicPrefix: v.TOPIC_PREFIX,
  http: { host: v.COLLECTOR_HOST, port: v.COLLECTOR_PORT },
  inFlightBytes: v.COLLECTOR_IN_FLIGHT_BYTES,
  connections: v.COLLECTOR_CONNECTIONS,
  origins: {
    /** Of pages that may send from a browser. */
    pages: v.COLLECTOR_CORS_ORIGINS ?? NOBODY,
    /** Names of senders of webhooks. */
    webhooks: v.COLLECTOR_WEBHOOK_ORIGINS ?? NOBODY,
  },
  /** Write key → tenant, of the file; empty: there is none. */
  writeKeys: v.WRITE_KEYS_FILE ?? new Map<string, TenantId>(),
  /** Where more write keys are; null: nowhere. */
  database: firstDatabase(v),
  logLevel: v.LOG_LEVEL,
}));
export type CollectorEnvironment = z.output<typeof collectorEnvironment>;
