import type { Log } from '@perennial/stream';
import { KafkaAdmin } from './admin';
import { KafkaConsumer } from './consumer/consumer';
import { KafkaReader } from './consumer/reader';
import { type KafkaLogOptions, withDefaults } from './options';
import { KafkaProducer } from './producer/producer';

/** A log on Apache Kafka 2.4 or newer, by kafkajs. Nothing connects before it is used. */
export function createKafkaLog(options: KafkaLogOptions): Log {
  const settings = withDefaults(options);
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
