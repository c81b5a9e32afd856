import type { OutRecord } from '@perennial/contracts';
import { partitionOf } from '../routing';
import { BatchWriter } from './batch-writer';
import type { Placed } from './send-queue';

/** A batch for one partition. */
export interface Parcel {
  readonly topic: string;
  readonly partition: number;
  readonly batch: BatchWriter;
}

/** Records as batches. A request takes one batch of a partition, so what does not fit goes into a further round. */
export interface Parcels {
  /** To be sent one after the other. */
  readonly rounds: readonly (readonly Parcel[])[];
  /** Where each record went, given the offset at which each batch was appended. */
  place(baseOffset: (parcel: Parcel) => number): Placed[];
}

const CAPACITY = 64 * 1024;

export function pack(
  records: readonly OutRecord[],
  partitionsOf: (topic: string) => number,
  maxBatchBytes: number,
): Parcels {
  const rounds: Parcel[][] = [];
  const counts = new Map<string, number>();
  const open = new Map<string, { parcel: Parcel; round: number }>();
  const begin = (id: string, topic: string, partition: number, round: number): { parcel: Parcel; round: number } => {
    const begun = { parcel: { topic, partition, batch: new BatchWriter(CAPACITY) }, round };
    (rounds[round] ??= []).push(begun.parcel);
    open.set(id, begun);
    return begun;
  };
  const places = records.map((record) => {
    const { topic } = record;
    const partitions = counts.get(topic) ?? partitionsOf(topic);
    counts.set(topic, partitions);
    const partition = partitionOf(record, partitions);
    const id = `${topic}/${partition}`;
    let target = open.get(id) ?? begin(id, topic, partition, 0);
    if (!target.parcel.batch.append(record, maxBatchBytes)) {
      target = begin(id, topic, partition, target.round + 1);
      target.parcel.batch.append(record, maxBatchBytes);
    }
    return { parcel: target.parcel, index: target.parcel.batch.count - 1 };
  });
  return {
    rounds,
    place: (baseOffset) =>
      places.map(({ parcel, index }) => ({
        topic: parcel.topic,
        partition: parcel.partition,
        offset: baseOffset(parcel) + index,
      })),
  };
}

export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
