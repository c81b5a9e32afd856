/** What every program that talks to Kafka asks of its environment: variables, rules over several of them, settings. */
import { z } from 'zod';
import type { CrossCheck } from './variable';
import { IN_PROCESS, variables } from './variables';

export const kafkaEnvironment = z.object(variables).pick({
  KAFKA_BROKERS: true,
  KAFKA_SSL: true,
  KAFKA_SSL_CA_FILE: true,
  KAFKA_SSL_CERT_FILE: true,
  KAFKA_SSL_KEY_FILE: true,
  KAFKA_SASL_MECHANISM: true,
  KAFKA_SASL_USERNAME: true,
  KAFKA_SASL_PASSWORD: true,
  SESSION_TIMEOUT_MS: true,
  HEARTBEAT_MS: true,
  REQUEST_TIMEOUT_MS: true,
});
type Flat = z.output<typeof kafkaEnvironment>;

export const kafkaChecks: readonly CrossCheck<Flat>[] = [
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
    names: ['HEARTBEAT_MS', 'SESSION_TIMEOUT_MS'],
    holds: (v) => v.HEARTBEAT_MS * 2 < v.SESSION_TIMEOUT_MS,
    message: 'must be less than half of SESSION_TIMEOUT_MS, so that one lost heartbeat does not cost the partitions',
  },
  {
    names: ['REQUEST_TIMEOUT_MS', 'SESSION_TIMEOUT_MS'],
    holds: (v) => v.REQUEST_TIMEOUT_MS < v.SESSION_TIMEOUT_MS,
    message: 'must be less than SESSION_TIMEOUT_MS, so that a lost request can be tried again within the session',
  },
];

/** Null: the log lives in this process and is handed over by the host. */
export function kafkaSettings(v: Flat) {
  if (v.KAFKA_BROKERS[0] === IN_PROCESS) return null;
  return {
    brokers: v.KAFKA_BROKERS,
    ssl: kafkaSsl(v),
    sasl: kafkaSasl(v),
    sessionTimeoutMs: v.SESSION_TIMEOUT_MS,
    heartbeatMs: v.HEARTBEAT_MS,
    requestTimeoutMs: v.REQUEST_TIMEOUT_MS,
  };
}
export type KafkaSettings = NonNullable<ReturnType<typeof kafkaSettings>>;

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
