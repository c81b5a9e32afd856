import type { Broker } from 'kafkajs';
import { grouped, type Parcel } from './parcels';

/** What the broker says of one batch. */
export interface Appended {
  readonly topic: string;
  readonly partition: number;
  /** 0: appended. */
  readonly errorCode: number;
  readonly baseOffset: number;
}

export interface ProduceRequest {
  readonly parcels: readonly (Pick<Parcel, 'topic' | 'partition'> & { readonly bytes: Uint8Array })[];
  /** How long the broker waits for its replicas, in ms. */
  readonly timeoutMs: number;
}

const API_KEY = 0;
const API_VERSION = 7;
const ALL_REPLICAS = -1;
/** Length prefixes and numbers beside names and batches. */
const FIXED_BYTES = 12;
const TOPIC_BYTES = 2 + 4;
const PARTITION_BYTES = 4 + 4;

/** An object, so that tests can lose acknowledgements and watch requests. */
export const produceRequests = {
  /** Sends batches that are encoded already, which kafkajs cannot: its network and authentication, our bytes. */
  async send(broker: Broker, request: ProduceRequest): Promise<readonly Appended[]> {
    const { connectionPool } = broker as unknown as Networked;
    return connectionPool.send({
      request: {
        apiKey: API_KEY,
        apiVersion: API_VERSION,
        apiName: 'Produce',
        expectResponse: () => true,
        encode: () => {
          const buf = encodeRequest(request);
          return Promise.resolve({ buf, buffer: buf });
        },
      },
      response: {
        decode: (answer) => Promise.resolve(decodeAnswer(answer)),
        parse: ({ appended }) => Promise.resolve(appended),
      },
    });
  },
};

/** What we use of kafkajs' broker beside its types. */
interface Networked {
  readonly connectionPool: {
    send<T, P>(call: {
      readonly request: {
        readonly apiKey: number;
        readonly apiVersion: number;
        readonly apiName: string;
        readonly expectResponse: () => boolean;
        readonly encode: () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
      };
      readonly response: {
        readonly decode: (answer: Buffer) => Promise<T>;
        readonly parse: (decoded: T) => Promise<P>;
      };
    }): Promise<P>;
  };
}

/** Produce v7: transactional id, acks, timeout, topics → partitions → one batch each. */
function encodeRequest({ parcels, timeoutMs }: ProduceRequest): Buffer {
  const topics = grouped(parcels, ({ topic }) => topic);
  let bytes = FIXED_BYTES;
  for (const topic of topics.keys()) bytes += TOPIC_BYTES + Buffer.byteLength(topic);
  for (const parcel of parcels) bytes += PARTITION_BYTES + parcel.bytes.length;
  const buffer = Buffer.allocUnsafe(bytes);
  let at = buffer.writeInt16BE(-1, 0);
  at = buffer.writeInt16BE(ALL_REPLICAS, at);
  at = buffer.writeInt32BE(timeoutMs, at);
  at = buffer.writeInt32BE(topics.size, at);
  for (const [topic, batches] of topics) {
    at = buffer.writeInt16BE(Buffer.byteLength(topic), at);
    at += buffer.write(topic, at);
    at = buffer.writeInt32BE(batches.length, at);
    for (const batch of batches) {
      at = buffer.writeInt32BE(batch.partition, at);
      at = buffer.writeInt32BE(batch.bytes.length, at);
      buffer.set(batch.bytes, at);
      at += batch.bytes.length;
    }
  }
  return buffer;
}

interface Answer {
  readonly appended: readonly Appended[];
  /** Read by kafkajs. */
  readonly clientSideThrottleTime: number;
}

function decodeAnswer(answer: Buffer): Answer {
  let at = 0;
  const int32 = (): number => answer.readInt32BE((at += 4) - 4);
  const int16 = (): number => answer.readInt16BE((at += 2) - 2);
  const int64 = (): number => Number(answer.readBigInt64BE((at += 8) - 8));
  const appended: Appended[] = [];
  for (let topics = int32(); topics > 0; topics--) {
    const length = int16();
    const topic = answer.toString('utf8', at, (at += length));
    for (let partitions = int32(); partitions > 0; partitions--) {
      const [partition, errorCode, baseOffset] = [int32(), int16(), int64()];
      at += 16; // append time and log start
      appended.push({ topic, partition, errorCode, baseOffset });
    }
  }
  return { appended, clientSideThrottleTime: int32() };
}
