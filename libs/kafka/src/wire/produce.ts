/**
 * Produce, version 7: kafka.apache.org/protocol#The_Messages_Produce. Types are those of primitive-types.ts.
 *
 * | field of the request | type | meaning |
 * | --- | --- | --- |
 * | transactional id | string | null: no transaction |
 * | acks | int16 | -1: of all in-sync replicas |
 * | timeout | int32 | ms that the leader waits for its replicas |
 * | topics | array | name (string), partitions (array): |
 * | partition | int32 | |
 * | records | records | one record batch, see record-batch.ts |
 *
 * | field of the response | type | meaning |
 * | --- | --- | --- |
 * | topics | array | name (string), partitions (array): |
 * | partition | int32 | |
 * | error code | int16 | 0: appended |
 * | base offset | int64 | of the first record |
 * | log append time | int64 | ms; -1: the timestamps are the producer's |
 * | log start offset | int64 | |
 * | throttle time | int32 | ms |
 */
import type { Broker } from 'kafkajs';
import { sendRequest, type Throttled } from '../connection';
import { ResponseReader } from './primitive-types';

/** What the broker says of one batch. */
export interface PartitionResponse {
  readonly topic: string;
  readonly partition: number;
  /** 0: appended. */
  readonly errorCode: number;
  readonly baseOffset: number;
}

export interface ProduceRequest {
  /** One of each partition, encoded. */
  readonly batches: readonly { readonly topic: string; readonly partition: number; readonly bytes: Uint8Array }[];
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
  async send(broker: Broker, request: ProduceRequest): Promise<readonly PartitionResponse[]> {
    const { partitions } = await sendRequest(broker, {
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
      decode: decodeResponse,
    });
    return partitions;
  },
};

function encodeRequest({ batches, timeoutMs }: ProduceRequest): Buffer {
  const topics = groupBy(batches, ({ topic }) => topic);
  let bytes = FIXED_BYTES;
  for (const topic of topics.keys()) bytes += TOPIC_BYTES + Buffer.byteLength(topic);
  for (const batch of batches) bytes += PARTITION_BYTES + batch.bytes.length;
  const buffer = Buffer.allocUnsafe(bytes);
  let at = buffer.writeInt16BE(-1, 0);
  at = buffer.writeInt16BE(ALL_REPLICAS, at);
  at = buffer.writeInt32BE(timeoutMs, at);
  at = buffer.writeInt32BE(topics.size, at);
  for (const [topic, ofTopic] of topics) {
    at = buffer.writeInt16BE(Buffer.byteLength(topic), at);
    at += buffer.write(topic, at);
    at = buffer.writeInt32BE(ofTopic.length, at);
    for (const batch of ofTopic) {
      at = buffer.writeInt32BE(batch.partition, at);
      at = buffer.writeInt32BE(batch.bytes.length, at);
      buffer.set(batch.bytes, at);
      at += batch.bytes.length;
    }
  }
  return buffer;
}

interface ProduceResponse extends Throttled {
  readonly partitions: readonly PartitionResponse[];
}

function decodeResponse(bytes: Buffer): ProduceResponse {
  const response = new ResponseReader(bytes);
  const partitions: PartitionResponse[] = [];
  for (let topics = response.int32(); topics > 0; topics--) {
    const topic = response.string();
    for (let count = response.int32(); count > 0; count--) {
      const [partition, errorCode, baseOffset] = [response.int32(), response.int16(), response.int64()];
      response.int64(); // log append time
      response.int64(); // log start offset
      partitions.push({ topic, partition, errorCode, baseOffset });
    }
  }
  return { partitions, clientSideThrottleTime: response.int32() };
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
