/**
 * The modules of kafkajs 2.2.4 that we use beside its public entry. kafkajs has had no release since and its version is
 * pinned; each use is explained where it is made.
 */
declare module 'kafkajs/src/cluster' {
  import type { Cluster, KafkaConfig, Logger } from 'kafkajs';

  const createCluster: new (
    options: Omit<KafkaConfig, 'logLevel' | 'logCreator'> & {
      logger: Logger;
      metadataMaxAge: number;
      allowAutoTopicCreation: boolean;
      isolationLevel: number;
    },
  ) => Cluster;
  export = createCluster;
}

declare module 'kafkajs/src/consumer/consumerGroup' {
  import type { Assigner, Cluster, Logger, RetryOptions } from 'kafkajs';

  class ConsumerGroup {
    constructor(options: {
      cluster: Cluster;
      logger: Logger;
      retry: RetryOptions;
      groupId: string;
      topics: string[];
      topicConfigurations: Record<string, { fromBeginning: boolean }>;
      assigners: Assigner[];
      sessionTimeout: number;
      rebalanceTimeout: number;
      autoCommit: boolean;
      instrumentationEmitter: { emit(event: string, payload: unknown): void };
    });
    memberId: string | null;
    /** Of the last join; null before the first. */
    generationId: number | null;
    joinAndSync(): Promise<void>;
    heartbeat(options: { interval: number }): Promise<void>;
    assigned(): { topic: string; partitions: number[] }[];
    commitOffsets(offsets: {
      topics: { topic: string; partitions: { partition: number; offset: string }[] }[];
    }): Promise<void>;
    leave(): Promise<void>;
  }
  export = ConsumerGroup;
}

declare module 'kafkajs/src/network/requestQueue' {
  import type { Logger } from 'kafkajs';

  class RequestQueue {
    constructor(options: {
      maxInFlightRequests: number | null;
      requestTimeout: number;
      enforceRequestTimeout: boolean;
      clientId: string;
      broker: string;
      logger: Pick<Logger, 'debug' | 'warn'>;
    });
    pending: unknown[];
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
    destroy(): void;
  }
  export = RequestQueue;
}

declare module 'kafkajs/src/protocol/requests/fetch/v11/request' {
  function createRequest(fetch: object): object;
  export = createRequest;
}

declare module 'kafkajs/src/protocol/error' {
  export function createErrorFromCode(code: number): Error & { readonly retriable: boolean };
}

/** Only tests read with it, to compare with what we write. */
declare module 'kafkajs/src/protocol/decoder' {
  const createDecoder: new (bytes: Buffer) => object;
  export = createDecoder;
}

declare module 'kafkajs/src/protocol/recordBatch/v0/decoder' {
  function decodeBatch(decoder: object): Promise<{
    records: {
      offset: string;
      key: Buffer | null;
      value: Buffer | null;
      headers: Record<string, Buffer>;
    }[];
  }>;
  export = decodeBatch;
}

declare module 'kafkajs/src/broker' {
  import type { Broker } from 'kafkajs';

  /** Only tests use it, to lose acknowledgements and to watch requests. */
  const createBroker: { readonly prototype: Broker & { joinGroup(request: object): Promise<unknown> } };
  export = createBroker;
}

declare module 'kafkajs-snappy' {
  const createCodec: () => {
    compress(records: { readonly buffer: Buffer }): Promise<Buffer>;
    decompress(packed: Buffer): Promise<Buffer>;
  };
  export = createCodec;
}
