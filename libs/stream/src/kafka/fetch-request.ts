/**
 * Fetches as kafkajs' broker does, but reads the answer here: kafkajs makes several objects of each record and a promise
 * of each batch, and does not look at checksums.
 */
import type { Broker } from 'kafkajs';
import { createErrorFromCode } from 'kafkajs/src/protocol/error';
import createRequest from 'kafkajs/src/protocol/requests/fetch/v11/request';
import { lookupCodecByAttributes } from 'kafkajs/src/protocol/message/compression';
import { AnswerReader } from './answer-reader';
import { ask, type Throttled } from './broker-requests';
import { crc32c } from './crc32c';
import type { FetchedBatch, FetchedPartition } from './fetched-records';
import { RecordBlock } from './record-block';

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
const MAGIC = 2;
/** First offset and length, before what the length counts. */
const PREFIX_BYTES = 12;
const CODEC = 0x7;
const APPEND_TIME = 0x8;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

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

async function decodeAnswer(bytes: Buffer): Promise<Answer> {
  const answer = new AnswerReader(bytes);
  const clientSideThrottleTime = answer.int32();
  refuse(answer.int16(), null);
  answer.int32(); // session
  const partitions: FetchedPartition[] = [];
  for (let topics = answer.int32(); topics > 0; topics--) {
    answer.string();
    for (let count = answer.int32(); count > 0; count--) partitions.push(await decodePartition(answer));
  }
  return { partitions, clientSideThrottleTime };
}

async function decodePartition(answer: AnswerReader): Promise<FetchedPartition> {
  const partition = answer.int32();
  refuse(answer.int16(), partition);
  const [highWatermark, lastStableOffset] = [answer.int64(), answer.int64()];
  answer.int64(); // start of the log
  const abortedTransactions: { readonly producerId: number; readonly firstOffset: number }[] = [];
  for (let count = answer.int32(); count > 0; count--) {
    abortedTransactions.push({ producerId: answer.int64(), firstOffset: answer.int64() });
  }
  answer.int32(); // preferred replica
  const batches = await decodeBatches(answer.bytes(answer.int32()));
  return { partition, highWatermark, lastStableOffset, abortedTransactions, batches };
}

function refuse(errorCode: number, partition: number | null): void {
  if (errorCode === 0) return;
  const error = createErrorFromCode(errorCode);
  if (errorCode === OFFSET_OUT_OF_RANGE) Object.assign(error, { name: 'KafkaJSOffsetOutOfRange', partition });
  throw error;
}

/** The last batch may be cut off: it is fetched again. */
async function decodeBatches(bytes: Buffer): Promise<readonly FetchedBatch[]> {
  const batches: FetchedBatch[] = [];
  const reader = new AnswerReader(bytes);
  while (reader.left >= PREFIX_BYTES) {
    const firstOffset = reader.int64();
    const length = reader.int32();
    if (length > reader.left) break;
    batches.push(await decodeBatch(firstOffset, reader.bytes(length)));
  }
  return batches;
}

async function decodeBatch(firstOffset: number, bytes: Buffer): Promise<FetchedBatch> {
  const reader = new AnswerReader(bytes);
  reader.int32(); // epoch of the leader
  const magic = reader.int8();
  if (magic !== MAGIC) throw new Error(`its format is ${magic}, only ${MAGIC} can be read`);
  const checksum = reader.int32() >>> 0;
  if (crc32c(bytes, reader.position, bytes.length) !== checksum)
    throw new Error('its checksum is wrong: it is damaged');
  const attributes = reader.int16();
  const lastOffset = firstOffset + reader.int32();
  const [baseTimestamp, maxTimestamp] = [reader.int64(), reader.int64()];
  const producerId = reader.int64();
  reader.int16(); // epoch of the producer
  reader.int32(); // its sequence number
  const count = reader.int32();
  const rest = bytes.subarray(reader.position);
  const codec = (attributes & CODEC) === 0 ? null : lookupCodecByAttributes(attributes);
  const records = codec === null ? rest : await codec.decompress(rest);
  return {
    firstOffset,
    lastOffset,
    producerId,
    inTransaction: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    records: new RecordBlock(records, count, {
      firstOffset,
      baseTimestamp: (attributes & APPEND_TIME) === 0 ? baseTimestamp : null,
      appendTime: maxTimestamp,
    }),
  };
}
