import { Kafka, logLevel } from 'kafkajs';
import type { Cluster, ISocketFactory, KafkaConfig, Logger, RetryOptions, SASLOptions } from 'kafkajs';
import ClusterClient from 'kafkajs/src/cluster';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { logClosed, topicUnknown } from '@perennial/stream';
import type { KafkaSettings, StreamLogger } from './options';
import { quietIdleConnections } from './request-queue';

const METADATA_MAX_AGE_MS = 60_000;
const KEEP_ALIVE_MS = 10_000;
export const READ_UNCOMMITTED = 0;
export const READ_COMMITTED = 1;

/**
 * kafkajs with its sockets in our hands: after `cut` nothing is sent any more, requests that wait fail at once, and
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
  readonly cut: () => void;
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
    cut: () => {
      sockets.cut();
    },
  };
}

/** Connects to the cluster and learns where the partitions of a topic are. */
export async function connectTo({ cluster }: Pick<Connection, 'cluster'>, topic: string): Promise<void> {
  await cluster.connect();
  await cluster.addMultipleTargetTopics([topic]);
  if (cluster.findTopicPartitionMetadata(topic).length === 0) throw topicUnknown(topic);
}

class Sockets {
  private readonly open = new Set<Socket>();
  private isCut = false;

  readonly factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    if (this.isCut) throw logClosed();
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

  cut(): void {
    this.isCut = true;
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
