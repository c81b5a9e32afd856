import type { KafkaLogOptions } from '../kafka/options';

/** Options for a test broker; the time-outs are short, so that rebalances are. `brokers`: the text of KAFKA_BROKERS. */
export function kafkaOptions(brokers: string | undefined, changes: Partial<KafkaLogOptions> = {}): KafkaLogOptions {
  if (brokers === undefined) throw new Error('KAFKA_BROKERS is not set; the integration project starts a broker');
  const silent = () => undefined;
  return {
    brokers: brokers.split(','),
    clientId: 'stream-test',
    ssl: false,
    sasl: null,
    sessionTimeoutMs: 3_000,
    heartbeatMs: 100,
    requestTimeoutMs: 5_000,
    logger: { debug: silent, info: silent, warn: silent },
    ...changes,
  };
}
