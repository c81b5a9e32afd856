import type { Emission } from '@perennial/contracts';
import { partitionOf } from '@perennial/stream';
import { BatchWriter } from '../wire/record-batch';
import type { Placement } from './record-accumulator';

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
  /** Where the records went, given the offset at which each batch was appended. */
  place(baseOffset: (parcel: Parcel) => number): Placement;
}

/** A batch's buffer begins with room for so many bytes of each record of the request. */
const ROOM = 512;
const LEAST_CAPACITY = 4 * 1024;
const MOST_CAPACITY = 256 * 1024;

interface Open {
  readonly parcel: Parcel;
  readonly round: number;
  readonly number: number;
}

export function pack(
  records: readonly Emission[],
  partitionsOf: (topic: string) => number,
  maxBatchBytes: number,
): Parcels {
  const rounds: Parcel[][] = [];
  const all: Parcel[] = [];
  const capacity = Math.min(Math.max(records.length * ROOM, LEAST_CAPACITY), MOST_CAPACITY);
  const begin = (topic: string, partition: number, round: number): Open => {
    const parcel = { topic, partition, batch: new BatchWriter(capacity) };
    (rounds[round] ??= []).push(parcel);
    return { parcel, round, number: all.push(parcel) - 1 };
  };
  const topics = new Map<string, Open[]>();
  const counts = new Map<string, number>();
  const parcelOf = new Uint32Array(records.length);
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
    if (!target.parcel.batch.append(record, maxBatchBytes)) {
      target = open[partition] = begin(topic, partition, target.round + 1);
      target.parcel.batch.append(record, maxBatchBytes);
    }
    parcelOf[at] = target.number;
    indexIn[at] = target.parcel.batch.count - 1;
  });
  return {
    rounds,
    place: (baseOffset) => ({
      parcelOf,
      indexIn,
      parcels: all.map((parcel) => ({
        topic: parcel.topic,
        partition: parcel.partition,
        baseOffset: baseOffset(parcel),
      })),
    }),
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
