/**
 * The network: kafkajs connects, authenticates and knows where partitions are; what lasts longer than a connection is ours
 * (docs/adr/0014). Modules of kafkajs beside its public entry are listed in internals.d.ts.
 */
import { Kafka, logLevel } from 'kafkajs';
import type { Broker, Cluster, ISocketFactory, KafkaConfig, Logger, RetryOptions, SASLOptions } from 'kafkajs';
import ClusterClient from 'kafkajs/src/cluster';
import RequestQueue from 'kafkajs/src/network/requestQueue';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { logClosed, type PartitionOffsets, topicUnknown } from '@perennial/stream';
import type { KafkaSettings, StreamLogger } from './options';

const METADATA_MAX_AGE_MS = 60_000;
const KEEP_ALIVE_MS = 10_000;
export const READ_UNCOMMITTED = 0;
export const READ_COMMITTED = 1;

/**
 * kafkajs with its sockets in our hands: after `destroy` nothing is sent any more, requests that wait fail at once, and
 * none of kafkajs' own retries can connect again. (Its own way to disconnect waits for requests to end, and a join may
 * take as long as a rebalance.)
 */
export interface Connection {
  /** Public client, for producers and admins. */
  readonly kafka: Kafka;
  /** Metadata, offsets and fetches without a consumer. */
  readonly cluster: Cluster;
  readonly logger: Logger;
  /** Of kafkajs itself: few and quick, since what lasts longer is retried with a new connection. */
  readonly retry: RetryOptions;
  readonly destroy: () => void;
}

/** @param isolationLevel of the offsets that the cluster answers with; `READ_COMMITTED`: without those of open transactions. */
export function openConnection(settings: KafkaSettings, isolationLevel = READ_UNCOMMITTED): Connection {
  quietIdleConnections();
  const sockets = new Sockets();
  const retry: RetryOptions = {
    initialRetryTime: 50,
    maxRetryTime: 500,
    // Each try takes the next broker of the list.
    retries: Math.max(3, settings.brokers.length),
  };
  const config = {
    brokers: [...settings.brokers],
    clientId: settings.clientId,
    connectionTimeout: settings.requestTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    enforceRequestTimeout: true,
    socketFactory: sockets.factory,
    retry,
    ...(settings.ssl === false ? {} : { ssl: settings.ssl }),
    ...(settings.sasl === null ? {} : { sasl: settings.sasl as SASLOptions }),
  } satisfies KafkaConfig;
  const kafka = new Kafka({ ...config, logLevel: logLevel.WARN, logCreator: () => forwardTo(settings.logger) });
  const logger = kafka.logger();
  const cluster = new ClusterClient({
    ...config,
    logger,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    allowAutoTopicCreation: false,
    isolationLevel,
  });
  return {
    kafka,
    cluster,
    logger,
    retry,
    destroy: () => {
      sockets.destroy();
    },
  };
}

/** Connects to the cluster and learns where the partitions of a topic are. */
export async function connectTo({ cluster }: Pick<Connection, 'cluster'>, topic: string): Promise<void> {
  await cluster.connect();
  await cluster.addMultipleTargetTopics([topic]);
  if (cluster.findTopicPartitionMetadata(topic).length === 0) throw topicUnknown(topic);
}

/** Next offset of each partition as the isolation level of the cluster shows it; after `connectTo`. */
export async function endOffsets(cluster: Cluster, topic: string): Promise<ReadonlyMap<number, number>> {
  const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId }));
  const found = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning: false }]);
  return new Map(
    found.flatMap((one) => one.partitions).map(({ partition, offset }) => [partition, Number(offset)] as const),
  );
}

/** First and next offset of each partition; after `connectTo`. */
export async function topicOffsets(cluster: Cluster, topic: string): Promise<readonly PartitionOffsets[]> {
  const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId }));
  const ends = (fromBeginning: boolean) => cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }]);
  const [lows, highs] = await Promise.all([ends(true), ends(false)]);
  const low = new Map(lows.flatMap((found) => found.partitions).map(({ partition, offset }) => [partition, offset]));
  return highs
    .flatMap((found) => found.partitions)
    .map(({ partition, offset }) => ({ partition, low: Number(low.get(partition)), high: Number(offset) }));
}

/** A request that we encode, with a response that we decode; the rest is kafkajs' network. */
interface BrokerRequest<Decoded extends Throttled> {
  /** As kafkajs' own requests: API key and version, and how to encode. */
  readonly request: object;
  readonly decode: (response: Buffer) => Decoded | Promise<Decoded>;
}

/** kafkajs reads it of every response. */
export interface Throttled {
  readonly clientSideThrottleTime: number;
}

/** What we use of kafkajs' broker beside its types. */
interface Networked {
  readonly connectionPool: {
    send<T>(call: {
      readonly request: object;
      readonly response: {
        readonly decode: (response: Buffer) => Promise<T>;
        readonly parse: (decoded: T) => Promise<T>;
      };
    }): Promise<T>;
  };
}

/** Sends a request; throws what kafkajs throws when it is not answered. */
export function sendRequest<Decoded extends Throttled>(
  broker: Broker,
  { request, decode }: BrokerRequest<Decoded>,
): Promise<Decoded> {
  const { connectionPool } = broker as unknown as Networked;
  return connectionPool.send<Decoded>({
    request,
    response: { decode: async (bytes) => decode(bytes), parse: (decoded) => Promise.resolve(decoded) },
  });
}

class Sockets {
  private readonly open = new Set<Socket>();
  private isDestroyed = false;

  readonly factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    if (this.isDestroyed) throw logClosed();
    // kafkajs' types say otherwise, but there is no `ssl` without TLS.
    const tls = ssl as typeof ssl | null | undefined;
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket =
      tls === undefined || tls === null
        ? connectTcp({ host, port }, onConnect)
        : connectTls({ host, port, ...servername, ...tls }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS).setNoDelay(true);
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    return socket;
  };

  destroy(): void {
    this.isDestroyed = true;
    // Only an error makes kafkajs give up the requests that wait for an answer.
    for (const socket of this.open) socket.destroy(logClosed());
  }
}

/** kafkajs logs an error for every failed try; what matters is told through the observer. */
function forwardTo(logger: StreamLogger) {
  return ({ namespace, log }: { namespace: string; log: { message: string; error?: unknown } }): void => {
    logger.debug({ kafkajs: namespace, error: log.error }, log.message);
  };
}

type Schedule = (this: RequestQueue) => void;

let original: Schedule | null = null;

/**
 * Each connection of kafkajs checks every millisecond, for ever, whether requests wait to be sent (kafkajs#1751). From
 * now on a connection checks only while some do.
 */
export function quietIdleConnections(): void {
  if (original !== null) return;
  const queue = RequestQueue.prototype as { scheduleCheckPendingRequests: Schedule };
  const schedule = queue.scheduleCheckPendingRequests;
  original = schedule;
  queue.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}
