import type { StreamObserver } from '@perennial/stream';

/** Takes what the client of the log has to say; pino fits. */
export interface StreamLogger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

export interface KafkaLogOptions {
  /** Brokers to start from, as `host:port`. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** TLS: off, Node's own authorities (`{}`), or these PEM texts. */
  readonly ssl: false | { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl: null | {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** A member that is silent for this long, in ms, loses its partitions. */
  readonly sessionTimeoutMs: number;
  /** Time between heartbeats, in ms; less than half of the session time-out. */
  readonly heartbeatMs: number;
  /**
   * A request without an answer for this long, in ms, counts as lost. Also the time within which a `send` is
   * acknowledged or has failed; afterwards nothing of it leaves this process.
   */
  readonly requestTimeoutMs: number;
  /** How long a rebalance waits for members to come back, in ms. Default 10,000. */
  readonly rebalanceTimeoutMs?: number;
  /** How long a fetch waits for records, in ms; also how long a resumed partition may wait. Default 100. */
  readonly maxWaitMs?: number;
  /** Bytes one fetch brings of one partition. Default 1 MiB. */
  readonly maxBytesPerPartition?: number;
  /** Bytes of records in one produce request; no more than the least max.message.bytes of the topics. Default 900,000. */
  readonly maxRequestBytes?: number;
  /** Bytes of records that may wait to be sent; beyond, `send` fails at once. Default 64 MiB. */
  readonly maxQueuedBytes?: number;
  readonly logger: StreamLogger;
  readonly observer?: StreamObserver;
}

export type KafkaSettings = Required<KafkaLogOptions>;

const SILENT: StreamObserver = { link: () => undefined, gap: () => undefined, assigned: () => undefined };

export function withDefaults(options: KafkaLogOptions): KafkaSettings {
  return {
    rebalanceTimeoutMs: 10_000,
    maxWaitMs: 100,
    maxBytesPerPartition: 1024 * 1024,
    maxRequestBytes: 900_000,
    maxQueuedBytes: 64 * 1024 * 1024,
    observer: SILENT,
    ...options,
  };
}
