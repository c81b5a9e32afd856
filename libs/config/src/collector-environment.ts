import { z } from 'zod';
import { crossChecked } from './cross-check';
import { kafkaChecks, kafkaEnvironment, kafkaSettings } from './kafka-environment';
import { variables } from './variables';

const own = z.object(variables).pick({
  TOPIC_PREFIX: true,
  COLLECTOR_HOST: true,
  COLLECTOR_PORT: true,
  COLLECTOR_IN_FLIGHT_BYTES: true,
  COLLECTOR_CONNECTIONS: true,
  WRITE_KEYS_FILE: true,
  LOG_LEVEL: true,
});
const flat = z.object({ ...kafkaEnvironment.shape, ...own.shape });

/** What the collector needs to know, checked; for `readEnvironment`. */
export const collectorEnvironment = crossChecked(flat, kafkaChecks).transform((v) => ({
  /** Null: the log lives in this process and is handed over by the host. */
  kafka: kafkaSettings(v),
  topicPrefix: v.TOPIC_PREFIX,
  http: { host: v.COLLECTOR_HOST, port: v.COLLECTOR_PORT },
  inFlightBytes: v.COLLECTOR_IN_FLIGHT_BYTES,
  connections: v.COLLECTOR_CONNECTIONS,
  /** Write key → tenant. */
  writeKeys: v.WRITE_KEYS_FILE,
  logLevel: v.LOG_LEVEL,
}));
export type CollectorEnvironment = z.output<typeof collectorEnvironment>;
