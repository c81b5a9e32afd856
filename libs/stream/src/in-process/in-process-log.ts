import type { Instant } from '@perennial/values';
import type { Log, LogAdmin } from '../port';
import { Catalogue } from './catalogue';
import { Groups, InProcessConsumer } from './consumer';
import { InProcessProducer } from './producer';
import { InProcessReader } from './reader';
import type { ReadLimit } from './segment';

export interface InProcessLogOptions {
  /**
   * Folder that keeps the log; null keeps it in memory. One process at a time. Nothing is ever deleted or compacted
   * but with the folder: this log is for tests and for machines without a broker.
   */
  readonly directory: string | null;
  /** Wall time, for the append times. */
  readonly now: () => Instant;
  /**
   * Puts the next delivery to a consumer off. Default: a microtask, so that a run is reproducible. A process that
   * serves I/O beside passes `setImmediate`, else a long backlog holds it up; a simulation passes its own order.
   */
  readonly schedule?: (task: () => void) => void;
  /** How much a batch holds at most. Default 500 records, 1 MiB. */
  readonly batch?: ReadLimit;
}

const DEFAULT_BATCH: ReadLimit = { records: 500, bytes: 1024 * 1024 };

/** A log within this process, with groups, keys and offsets as Kafka has them. */
export function createInProcessLog(options: InProcessLogOptions): Log {
  const catalogue = new Catalogue(options.directory, options.now);
  const groups = new Groups((topic) => catalogue.find(topic)?.partitions ?? []);
  const limit = options.batch ?? DEFAULT_BATCH;
  const context = { catalogue, groups, limit, schedule: options.schedule ?? queueMicrotask };
  const closing = new AbortController();
  const consumers: InProcessConsumer[] = [];
  return {
    consumer: ({ topic, group }) => {
      const consumer = new InProcessConsumer(context, topic, group);
      consumers.push(consumer);
      return consumer;
    },
    producer: () => new InProcessProducer(catalogue),
    admin: () => createAdmin(catalogue, groups),
    reader: () => new InProcessReader(catalogue, limit, closing.signal),
    close: async () => {
      for (const consumer of consumers) await consumer.stop();
      closing.abort();
      catalogue.close();
    },
  };
}

function createAdmin(catalogue: Catalogue, groups: Groups): LogAdmin {
  return {
    connect: () => Promise.resolve(),
    // eslint-disable-next-line @typescript-eslint/require-await -- an error has to be a rejection
    createTopics: async (topics) => {
      const created = topics.filter((spec) => catalogue.create(spec)).map(({ name }) => name);
      for (const name of created) groups.topicCreated(name);
      return created;
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- an error has to be a rejection
    offsets: async (name) => catalogue.topic(name).offsets(),
    // eslint-disable-next-line @typescript-eslint/require-await -- an error has to be a rejection
    stableOffsets: async (name) =>
      new Map(
        catalogue
          .topic(name)
          .offsets()
          .map(({ partition, high }) => [partition, high]),
      ),
    clusterId: () => Promise.resolve(catalogue.id),
    close: () => Promise.resolve(),
  };
}
