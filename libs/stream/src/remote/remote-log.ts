import { InvalidInput } from '@perennial/values';
import type { Log, LogAdmin, LogReader, PartitionOffsets, ReadOptions } from '../port';
import { beforeEnd, startPositions, unread } from '../read-plan';
import { logClosed } from '../errors';
import { RemoteProducer } from './remote-producer';
import { batchFromWire, callRemote, CALLS, type Remote } from './protocol';

const TIMEOUT_MS = 10_000;
const READ_WAIT_MS = 20_000;

/**
 * The log that another process of this machine serves with `serveLog`: for tools that send, read and look. It has no
 * consumers: those belong into the process of the log.
 */
export function createRemoteLog(url: string, token: string): Log {
  const remote: Remote = { url, token };
  const closing = new AbortController();
  const producers: RemoteProducer[] = [];
  return {
    consumer: () => {
      throw new InvalidInput(
        'STREAM.NO_REMOTE_CONSUMER',
        'a log that lives in another process cannot be consumed as a group from here; run the consumer there, ' +
          'or set KAFKA_BROKERS and use Kafka',
      );
    },
    producer: () => {
      const producer = new RemoteProducer(remote);
      producers.push(producer);
      return producer;
    },
    admin: () => createAdmin(remote),
    reader: () => createReader(remote, closing.signal),
    close: async () => {
      closing.abort();
      await Promise.all(producers.map((producer) => producer.close()));
    },
  };
}

function createAdmin(remote: Remote): LogAdmin {
  const options = { timeoutMs: TIMEOUT_MS };
  return {
    connect: async () => {
      await callRemote(remote, CALLS.clusterId, null, options);
    },
    createTopics: (specs) => {
      const asked = specs.map((spec) => ({ ...spec, config: { ...spec.config } }));
      return callRemote(remote, CALLS.createTopics, asked, options);
    },
    offsets: (topic) => offsetsOf(remote, topic),
    stableOffsets: async (topic) => new Map(await callRemote(remote, CALLS.stableOffsets, topic, options)),
    clusterId: () => callRemote(remote, CALLS.clusterId, null, options),
    close: () => Promise.resolve(),
  };
}

function offsetsOf(remote: Remote, topic: string): Promise<readonly PartitionOffsets[]> {
  return callRemote(remote, CALLS.offsets, topic, { timeoutMs: TIMEOUT_MS });
}

function createReader(remote: Remote, closing: AbortSignal): LogReader {
  return {
    read: async (options) => {
      const stop = options.signal === undefined ? closing : AbortSignal.any([closing, options.signal]);
      try {
        await readAll(remote, options, stop);
      } catch (error) {
        if (!stop.aborted) throw error;
      }
      if (closing.aborted) throw logClosed();
    },
  };
}

async function readAll(remote: Remote, options: ReadOptions, signal: AbortSignal): Promise<void> {
  const over = () => signal.aborted;
  if (over()) return;
  const { topic, until } = options;
  const positions = startPositions(options, await offsetsOf(remote, topic));
  for (let left = unread(positions, until); left.size > 0 && !over(); left = unread(positions, until)) {
    const asked = { topic, positions: [...left] as [number, number][], waitMs: READ_WAIT_MS };
    const timeoutMs = READ_WAIT_MS + TIMEOUT_MS;
    for (const read of await callRemote(remote, CALLS.read, asked, { timeoutMs, signal })) {
      positions.set(read.partition, read.nextOffset);
      if (!over()) options.batch(beforeEnd(batchFromWire(read), until));
    }
  }
}
