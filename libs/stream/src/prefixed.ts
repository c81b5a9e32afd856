import type { LogBatch } from '@perennial/contracts';
import type { Log, LogAdmin, LogConsumer, LogProducer, LogReader } from './port';

/**
 * The same log, with a prefix before every topic name there that nobody here sees: several installations can share a
 * cluster, and what an input causes is named after its topic without the prefix. Groups are the caller's to name.
 */
export function prefixed(log: Log, prefix: string): Log {
  if (prefix === '') return log;
  const there = (topic: string) => prefix + topic;
  const here = (topic: string) => topic.slice(prefix.length);
  const batchHere = (batch: LogBatch): LogBatch => ({ ...batch, topic: here(batch.topic) });
  return {
    consumer: ({ topic, group }) => consumerOf(log.consumer({ topic: there(topic), group }), batchHere),
    producer: () => producerOf(log.producer(), there, here),
    admin: () => adminOf(log.admin(), there, here),
    reader: () => readerOf(log.reader(), there, batchHere),
    close: () => log.close(),
  };
}

type Rename = (topic: string) => string;
type RenameBatch = (batch: LogBatch) => LogBatch;

function consumerOf(consumer: LogConsumer, batchHere: RenameBatch): LogConsumer {
  return {
    start: (handlers) =>
      consumer.start({
        claim: (partition) => handlers.claim(partition),
        revoke: (partitions) => {
          handlers.revoke(partitions);
        },
        batch: (batch) => handlers.batch(batchHere(batch)),
        stopped: (partition, reason) => {
          handlers.stopped(partition, reason);
        },
      }),
    pause: (partition) => {
      consumer.pause(partition);
    },
    resume: (partition) => {
      consumer.resume(partition);
    },
    seek: (partition, offset) => {
      consumer.seek(partition, offset);
    },
    halt: (partition) => {
      consumer.halt(partition);
    },
    mirror: async (offsets) => {
      await consumer.mirror?.(offsets);
    },
    stop: () => consumer.stop(),
  };
}

function producerOf(producer: LogProducer, there: Rename, here: Rename): LogProducer {
  return {
    connect: () => producer.connect(),
    send: async (records) => {
      const acknowledged = await producer.send(records.map((record) => ({ ...record, topic: there(record.topic) })));
      return acknowledged.map((one) => ({ ...one, topic: here(one.topic) }));
    },
    close: () => producer.close(),
  };
}

function adminOf(admin: LogAdmin, there: Rename, here: Rename): LogAdmin {
  return {
    connect: () => admin.connect(),
    createTopics: async (topics) => {
      const created = await admin.createTopics(topics.map((spec) => ({ ...spec, name: there(spec.name) })));
      return created.map(here);
    },
    offsets: (topic) => admin.offsets(there(topic)),
    stableOffsets: (topic) => admin.stableOffsets(there(topic)),
    clusterId: () => admin.clusterId(),
    close: () => admin.close(),
  };
}

function readerOf(reader: LogReader, there: Rename, batchHere: RenameBatch): LogReader {
  return {
    read: (options) =>
      reader.read({
        ...options,
        topic: there(options.topic),
        batch: (batch) => {
          options.batch(batchHere(batch));
        },
      }),
  };
}
