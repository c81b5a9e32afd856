import type { Emission } from '@perennial/contracts';
import { partitionOf } from '@perennial/stream';
import { BatchWriter } from '../wire/record-batch';
import type { RecordMetadata } from './record-accumulator';

/** A record batch for one partition. */
export interface ProducerBatch {
  readonly topic: string;
  readonly partition: number;
  readonly writer: BatchWriter;
}

/** Records as batches. A produce request takes one batch of a partition, so what does not fit goes into a further round. */
export interface BatchedRecords {
  /** To be sent one after the other. */
  readonly rounds: readonly (readonly ProducerBatch[])[];
  /** Where the records went, given the offset at which each batch was appended. */
  metadata(baseOffset: (batch: ProducerBatch) => number): RecordMetadata;
}

/** The buffer of a batch begins with room for so many bytes of each record of the request. */
const EXPECTED_RECORD = 512;
const MIN_CAPACITY = 4 * 1024;
const MAX_CAPACITY = 256 * 1024;

/** The batch that the next record of a partition goes into. */
interface OpenBatch {
  readonly batch: ProducerBatch;
  readonly round: number;
  /** Among all batches. */
  readonly number: number;
}

/**
 * Encodes records into batches of their partitions, in their order. Throws `InvalidInput` for a partition that its topic does not
 * have, and what `partitionsOf` throws.
 */
export function batchByPartition(
  records: readonly Emission[],
  partitionsOf: (topic: string) => number,
  maxBatchBytes: number,
): BatchedRecords {
  const rounds: ProducerBatch[][] = [];
  const all: ProducerBatch[] = [];
  const capacity = Math.min(Math.max(records.length * EXPECTED_RECORD, MIN_CAPACITY), MAX_CAPACITY);
  const begin = (topic: string, partition: number, round: number): OpenBatch => {
    const batch = { topic, partition, writer: new BatchWriter(capacity) };
    (rounds[round] ??= []).push(batch);
    return { batch, round, number: all.push(batch) - 1 };
  };
  const topics = new Map<string, OpenBatch[]>();
  const counts = new Map<string, number>();
  const batchOf = new Uint32Array(records.length);
  const indexIn = new Uint32Array(records.length);
  records.forEach((record, at) => {
    const { topic } = record;
    const open = topics.get(topic) ?? [];
    if (open.length === 0) {
      topics.set(topic, open);
      counts.set(topic, partitionsOf(topic));
    }
    const partition = partitionOf(record, counts.get(topic) ?? 0);
    let target = (open[partition] ??= begin(topic, partition, 0));
    if (!target.batch.writer.append(record, maxBatchBytes)) {
      target = open[partition] = begin(topic, partition, target.round + 1);
      target.batch.writer.append(record, maxBatchBytes);
    }
    batchOf[at] = target.number;
    indexIn[at] = target.batch.writer.count - 1;
  });
  return {
    rounds,
    metadata: (baseOffset) => ({
      batchOf,
      indexIn,
      batches: all.map((batch) => ({
        topic: batch.topic,
        partition: batch.partition,
        baseOffset: baseOffset(batch),
      })),
    }),
  };
}
