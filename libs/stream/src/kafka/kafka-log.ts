import { SILENT } from '../observer';
import type { Log } from '../port';
import { KafkaAdmin } from './kafka-admin';
import { KafkaConsumer } from './kafka-consumer';
import { KafkaProducer } from './kafka-producer';
import { KafkaReader } from './kafka-reader';
import { withDefaults, type KafkaLogOptions } from './options';

/** A log on Apache Kafka 2.4 or newer, by kafkajs. Nothing connects before it is used. */
export function createKafkaLog(options: KafkaLogOptions): Log {
  const settings = withDefaults(options, SILENT);
  const closing = new AbortController();
  const consumers: KafkaConsumer[] = [];
  const clients: (KafkaProducer | KafkaAdmin)[] = [];
  const remember = <T extends KafkaProducer | KafkaAdmin>(client: T): T => {
    clients.push(client);
    return client;
  };
  return {
    consumer: ({ topic, group }) => {
      const consumer = new KafkaConsumer(settings, topic, group);
      consumers.push(consumer);
      return consumer;
    },
    producer: () => remember(new KafkaProducer(settings)),
    admin: () => remember(new KafkaAdmin(settings)),
    reader: () => new KafkaReader(settings, closing.signal),
    close: async () => {
      closing.abort();
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}
