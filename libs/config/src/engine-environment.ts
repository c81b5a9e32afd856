import { z } from 'zod';
import { crossChecked, type CrossCheck } from './cross-check';
import { IN_PROCESS, variables } from './variables';

const flat = z
  .object(variables)
  .omit({ PERENNIAL_HOME: true, PERENNIAL_CACHE: true, JAVA_HOME: true, CI: true, DEBUG: true });
type Flat = z.output<typeof flat>;

const checks: readonly CrossCheck<Flat>[] = [
  {
    names: ['KAFKA_BROKERS'],
    holds: ({ KAFKA_BROKERS }) => KAFKA_BROKERS.length === 1 || !KAFKA_BROKERS.includes(IN_PROCESS),
    message: `${IN_PROCESS} cannot be joined with brokers`,
  },
  {
    names: ['KAFKA_SSL', 'KAFKA_SSL_CA_FILE', 'KAFKA_SSL_CERT_FILE', 'KAFKA_SSL_KEY_FILE'],
    holds: (v) => v.KAFKA_SSL || !(v.KAFKA_SSL_CA_FILE ?? v.KAFKA_SSL_CERT_FILE ?? v.KAFKA_SSL_KEY_FILE),
    message: 'must be true when one of KAFKA_SSL_CA_FILE, KAFKA_SSL_CERT_FILE, KAFKA_SSL_KEY_FILE is set',
  },
  {
    names: ['KAFKA_SSL_CERT_FILE', 'KAFKA_SSL_KEY_FILE'],
    holds: (v) => (v.KAFKA_SSL_CERT_FILE === undefined) === (v.KAFKA_SSL_KEY_FILE === undefined),
    message: 'KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE go together; set both or none',
  },
  {
    names: ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'],
    holds: (v) => {
      const set = [v.KAFKA_SASL_MECHANISM, v.KAFKA_SASL_USERNAME, v.KAFKA_SASL_PASSWORD].filter(
        (value) => value !== undefined,
      );
      return set.length === 0 || set.length === 3;
    },
    message: 'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD go together; set all or none',
  },
  {
    names: ['DATABASE_SSL', 'DATABASE_URL'],
    holds: (v) => v.DATABASE_SSL === undefined || !new URL(v.DATABASE_URL).searchParams.has('sslmode'),
    message: 'DATABASE_URL says sslmode too; keep one of them',
  },
  {
    names: ['DATABASE_SSL_CA_FILE', 'DATABASE_SSL'],
    holds: (v) => v.DATABASE_SSL_CA_FILE === undefined || v.DATABASE_SSL === 'verify-full',
    message: 'needs DATABASE_SSL=verify-full; nothing is compared with it otherwise',
  },
  {
    names: ['HEARTBEAT_MS', 'SESSION_TIMEOUT_MS'],
    holds: (v) => v.HEARTBEAT_MS * 2 < v.SESSION_TIMEOUT_MS,
    message: 'must be less than half of SESSION_TIMEOUT_MS, so that one lost heartbeat does not cost the partitions',
  },
  {
    names: ['LEASE_MS', 'SESSION_TIMEOUT_MS'],
    holds: (v) => v.LEASE_MS <= v.SESSION_TIMEOUT_MS,
    message: 'must be at most SESSION_TIMEOUT_MS: nobody else may take over while the lease lasts',
  },
  {
    names: ['REQUEST_TIMEOUT_MS', 'SESSION_TIMEOUT_MS'],
    holds: (v) => v.REQUEST_TIMEOUT_MS < v.SESSION_TIMEOUT_MS,
    message: 'must be less than SESSION_TIMEOUT_MS, so that a lost request can be tried again within the session',
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

/** What the engine needs to know, checked; for `readEnvironment`. */
export const engineEnvironment = crossChecked(flat, checks).transform((v) => ({
  /** Null: the log lives in this process and is handed over by the host. */
  kafka: v.KAFKA_BROKERS[0] === IN_PROCESS ? null : kafkaSettings(v),
  database: { url: v.DATABASE_URL, ssl: databaseSsl(v), queryTimeoutMs: v.QUERY_TIMEOUT_MS },
  topics: { prefix: v.TOPIC_PREFIX, partitions: v.PARTITIONS, replication: v.REPLICATION_FACTOR },
  http: { host: v.HTTP_HOST, port: v.HTTP_PORT },
  logLevel: v.LOG_LEVEL,
  leaseMs: v.LEASE_MS,
  requestTimeoutMs: v.REQUEST_TIMEOUT_MS,
  batchMax: v.BATCH_MAX,
  queueHighWater: v.QUEUE_HIGH_WATER,
  /** Key of the installation's HMAC; its bytes are the UTF-8 of this text. */
  key: v.PERENNIAL_KEY ?? v.PERENNIAL_KEY_FILE ?? '',
}));
export type EngineEnvironment = z.output<typeof engineEnvironment>;
export type KafkaSettings = NonNullable<EngineEnvironment['kafka']>;

function kafkaSettings(v: Flat) {
  return {
    brokers: v.KAFKA_BROKERS,
    ssl: kafkaSsl(v),
    sasl: kafkaSasl(v),
    sessionTimeoutMs: v.SESSION_TIMEOUT_MS,
    heartbeatMs: v.HEARTBEAT_MS,
    requestTimeoutMs: v.REQUEST_TIMEOUT_MS,
  };
}

/** TLS to the brokers: none, Node's own authorities (empty), or these PEM texts. */
export interface KafkaTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

function kafkaSsl({
  KAFKA_SSL,
  KAFKA_SSL_CA_FILE: ca,
  KAFKA_SSL_CERT_FILE: cert,
  KAFKA_SSL_KEY_FILE: key,
}: Flat): KafkaTls | false {
  if (!KAFKA_SSL) return false;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

function kafkaSasl({
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: username,
  KAFKA_SASL_PASSWORD: password,
}: Flat) {
  if (mechanism === undefined || username === undefined || password === undefined) return null;
  return { mechanism, username, password };
}

/** TLS to PostgreSQL. */
export interface DatabaseTls {
  readonly rejectUnauthorized: boolean;
  /** PEM text. */
  readonly ca?: string;
}

function databaseSsl({ DATABASE_SSL, DATABASE_SSL_CA_FILE: ca }: Flat): DatabaseTls | false | null {
  switch (DATABASE_SSL) {
    case undefined:
      return null;
    case 'disable':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify-full':
      return { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
  }
}
