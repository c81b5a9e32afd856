import type { Broker } from 'kafkajs';
import { AnswerReader } from './answer-reader';
import { ask, type Throttled } from '../broker-requests';
import { grouped, type Parcel } from '../producer/producer-batch';

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
    const { appended } = await ask(broker, {
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
      decode: decodeAnswer,
    });
    return appended;
  },
};

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

interface Answer extends Throttled {
  readonly appended: readonly Appended[];
}

function decodeAnswer(bytes: Buffer): Answer {
  const answer = new AnswerReader(bytes);
  const appended: Appended[] = [];
  for (let topics = answer.int32(); topics > 0; topics--) {
    const topic = answer.string();
    for (let partitions = answer.int32(); partitions > 0; partitions--) {
      const [partition, errorCode, baseOffset] = [answer.int32(), answer.int16(), answer.int64()];
      answer.int64(); // append time
      answer.int64(); // start of the log
      appended.push({ topic, partition, errorCode, baseOffset });
    }
  }
  return { appended, clientSideThrottleTime: answer.int32() };
}
