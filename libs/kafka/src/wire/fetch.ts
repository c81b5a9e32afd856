/**
 * Fetches as kafkajs' broker does, but reads the answer here: kafkajs unpacks all of it at once, makes several objects of each
 * record and a promise of each batch, and does not look at checksums.
 */
import type { Broker } from 'kafkajs';
import { createErrorFromCode } from 'kafkajs/src/protocol/error';
import createRequest from 'kafkajs/src/protocol/requests/fetch/v11/request';
import { AnswerReader } from './answer-reader';
import { ask, type Throttled } from '../broker-requests';
import { framesIn } from './fetched-batch';
import type { FetchedPartition } from '../consumer/fetched-records';

export interface FetchRequest {
  readonly maxWaitMs: number;
  /** Of the whole answer. */
  readonly maxBytes: number;
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: number; readonly maxBytes: number }[];
}

const READ_COMMITTED = 1;
const CONSUMER = -1;
const OFFSET_OUT_OF_RANGE = 1;

export async function fetchFrom(broker: Broker, request: FetchRequest): Promise<readonly FetchedPartition[]> {
  const { partitions } = await ask(broker, {
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
    decode: decodeAnswer,
  });
  return partitions;
}

interface Answer extends Throttled {
  readonly partitions: readonly FetchedPartition[];
}

function decodeAnswer(bytes: Buffer): Answer {
  const answer = new AnswerReader(bytes);
  const clientSideThrottleTime = answer.int32();
  refuse(answer.int16(), null);
  answer.int32(); // session
  const partitions: FetchedPartition[] = [];
  for (let topics = answer.int32(); topics > 0; topics--) {
    answer.string();
    for (let count = answer.int32(); count > 0; count--) partitions.push(decodePartition(answer));
  }
  return { partitions, clientSideThrottleTime };
}

function decodePartition(answer: AnswerReader): FetchedPartition {
  const partition = answer.int32();
  refuse(answer.int16(), partition);
  const [highWatermark, lastStableOffset] = [answer.int64(), answer.int64()];
  answer.int64(); // start of the log
  const abortedTransactions: { readonly producerId: number; readonly firstOffset: number }[] = [];
  for (let count = answer.int32(); count > 0; count--) {
    abortedTransactions.push({ producerId: answer.int64(), firstOffset: answer.int64() });
  }
  answer.int32(); // preferred replica
  const frames = framesIn(answer.bytes(answer.int32()));
  return { partition, highWatermark, lastStableOffset, abortedTransactions, frames };
}

function refuse(errorCode: number, partition: number | null): void {
  if (errorCode === 0) return;
  const error = createErrorFromCode(errorCode);
  if (errorCode === OFFSET_OUT_OF_RANGE) Object.assign(error, { name: 'KafkaJSOffsetOutOfRange', partition });
  throw error;
}
