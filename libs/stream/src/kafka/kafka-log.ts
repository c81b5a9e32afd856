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
  const producers: KafkaProducer[] = [];
  return {
    consumer: ({ topic, group }) => {
      const consumer = new KafkaConsumer(settings, topic, group);
      consumers.push(consumer);
      return consumer;
    },
    producer: () => {
      const producer = new KafkaProducer(settings);
      producers.push(producer);
      return producer;
    },
    // Not remembered: a probe makes one every few seconds.
    admin: () => new KafkaAdmin(settings, closing.signal),
    reader: () => new KafkaReader(settings, closing.signal),
    close: async () => {
      closing.abort();
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await Promise.all(producers.map((producer) => producer.close()));
    },
  };
}
