/**
 * Fetch, version 11: kafka.apache.org/protocol#The_Messages_Fetch. kafkajs encodes the request; the response is decoded here, since
 * kafkajs decompresses all of it at once, makes several objects of each record and a promise of each batch, and does not look at
 * checksums. Types are those of primitive-types.ts.
 *
 * | field of the response | type | meaning |
 * | --- | --- | --- |
 * | throttle time | int32 | ms |
 * | error code | int16 | 0: none |
 * | session id | int32 | 0: no fetch session (KIP-227) |
 * | topics | array | name (string), partitions (array): |
 * | partition | int32 | |
 * | error code | int16 | 0: none; 1: the offset is not in the log |
 * | high watermark | int64 | the end for readers of what is uncommitted, too |
 * | last stable offset | int64 | the end for readers of what is committed (KIP-98) |
 * | log start offset | int64 | |
 * | aborted transactions | array | producer id (int64), first offset (int64); null: none |
 * | preferred read replica | int32 | -1: the leader (KIP-392) |
 * | records | records | record batches, the last one cut off where the limit is reached; the first is whole (KIP-74) |
 */
import type { Broker } from 'kafkajs';
import { createErrorFromCode } from 'kafkajs/src/protocol/error';
import createRequest from 'kafkajs/src/protocol/requests/fetch/v11/request';
import { sendRequest, type Throttled } from '../connection';
import { ResponseReader } from './primitive-types';
import { type BatchFrame, framesIn } from './record-batch';

export interface FetchRequest {
  readonly maxWaitMs: number;
  /** Of the whole response. */
  readonly maxBytes: number;
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: number; readonly maxBytes: number }[];
}

/** A transaction that was aborted: of this producer, from this offset on until the producer's next marker. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** What a response has of one partition. */
export interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly abortedTransactions: readonly AbortedTransaction[];
  readonly frames: readonly BatchFrame[];
}

const READ_COMMITTED = 1;
const CONSUMER = -1;
const OFFSET_OUT_OF_RANGE = 1;

export async function fetchFrom(broker: Broker, request: FetchRequest): Promise<readonly FetchedPartition[]> {
  const { partitions } = await sendRequest(broker, {
    request: createRequest({
      replicaId: CONSUMER,
      maxWaitTime: request.maxWaitMs,
      minBytes: 1,
      maxBytes: request.maxBytes,
      isolationLevel: READ_COMMITTED,
      topics: [
        {
          topic: request.topic,
          partitions: request.partitions.map(({ partition, offset, maxBytes }) => ({
            partition,
            fetchOffset: String(offset),
            maxBytes,
          })),
        },
      ],
    }),
    decode: decodeResponse,
  });
  return partitions;
}

interface FetchResponse extends Throttled {
  readonly partitions: readonly FetchedPartition[];
}

function decodeResponse(bytes: Buffer): FetchResponse {
  const response = new ResponseReader(bytes);
  const clientSideThrottleTime = response.int32();
  refuse(response.int16(), null);
  response.int32(); // session id
  const partitions: FetchedPartition[] = [];
  for (let topics = response.int32(); topics > 0; topics--) {
    response.string();
    for (let count = response.int32(); count > 0; count--) partitions.push(decodePartition(response));
  }
  return { partitions, clientSideThrottleTime };
}

function decodePartition(response: ResponseReader): FetchedPartition {
  const partition = response.int32();
  refuse(response.int16(), partition);
  const [highWatermark, lastStableOffset] = [response.int64(), response.int64()];
  response.int64(); // log start offset
  const abortedTransactions: AbortedTransaction[] = [];
  for (let count = response.int32(); count > 0; count--) {
    abortedTransactions.push({ producerId: response.int64(), firstOffset: response.int64() });
  }
  response.int32(); // preferred read replica
  const frames = framesIn(response.bytes(response.int32()));
  return { partition, highWatermark, lastStableOffset, abortedTransactions, frames };
}

function refuse(errorCode: number, partition: number | null): void {
  if (errorCode === 0) return;
  const error = createErrorFromCode(errorCode);
  if (errorCode === OFFSET_OUT_OF_RANGE) Object.assign(error, { name: 'KafkaJSOffsetOutOfRange', partition });
  throw error;
}
