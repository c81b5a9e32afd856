import { z } from 'zod';
import { databaseChecks, databaseSettings } from './database-environment';
import { kafkaChecks, kafkaSettings } from './kafka-environment';
import { crossChecked, type CrossCheck } from './variable';
import { variables } from './variables';

const flat = z.object(variables).omit({
  PERENNIAL_AUTHOR: true,
  PERENNIAL_HOME: true,
  PERENNIAL_CACHE: true,
  JAVA_HOME: true,
  CI: true,
  DEBUG: true,
  COLLECTOR_HOST: true,
  COLLECTOR_PORT: true,
  COLLECTOR_IN_FLIGHT_BYTES: true,
  COLLECTOR_CONNECTIONS: true,
  WRITE_KEYS_FILE: true,
});
type Flat = z.output<typeof flat>;

const checks: readonly CrossCheck<Flat>[] = [
  ...kafkaChecks,
  ...databaseChecks,
  {
    names: ['LEASE_MS', 'SESSION_TIMEOUT_MS'],
    holds: (v) => v.LEASE_MS <= v.SESSION_TIMEOUT_MS,
    message: 'must be at most SESSION_TIMEOUT_MS: nobody else may take over while the lease lasts',
  },
  {
    names: ['QUEUE_HIGH_WATER', 'BATCH_MAX'],
    holds: (v) => v.QUEUE_HIGH_WATER >= v.BATCH_MAX,
    message: 'must be at least BATCH_MAX, else no micro-batch ever fills',
  },
  {
    names: ['PERENNIAL_KEY', 'PERENNIAL_KEY_FILE'],
    holds: (v) => (v.PERENNIAL_KEY === undefined) !== (v.PERENNIAL_KEY_FILE === undefined),
    message: 'set exactly one of PERENNIAL_KEY and PERENNIAL_KEY_FILE (`openssl rand -hex 32` makes a key)',
  },
];

const MIB = 1024 * 1024;

/** What the engine needs to know, checked; for `readEnvironment`. */
export const engineEnvironment = crossChecked(flat, checks).transform((v) => ({
  /** Null: the log lives in this process and is handed over by the host. */
  kafka: kafkaSettings(v),
  database: databaseSettings(v),
  topics: { prefix: v.TOPIC_PREFIX, partitions: v.PARTITIONS, replication: v.REPLICATION_FACTOR },
  http: { host: v.HTTP_HOST, port: v.HTTP_PORT },
  logLevel: v.LOG_LEVEL,
  leaseMs: v.LEASE_MS,
  requestTimeoutMs: v.REQUEST_TIMEOUT_MS,
  batchMax: v.BATCH_MAX,
  queueHighWater: v.QUEUE_HIGH_WATER,
  stateCacheBytes: v.STATE_CACHE_MB * MIB,
  stateLog: { logBytes: v.STATE_LOG_MB * MIB, rowsBehindMs: v.STATE_ROWS_SECONDS * 1_000 },
  /** Key of the installation's HMAC; its bytes are the UTF-8 of this text. */
  key: v.PERENNIAL_KEY ?? v.PERENNIAL_KEY_FILE ?? '',
}));
export type EngineEnvironment = z.output<typeof engineEnvironment>;
