import { type Emission, isFact, type OutRecord } from '@perennial/contracts';
import { partitionFor } from '@perennial/values';
import { partitionUnknown } from './stream-errors';

/** Where a record goes: the partition it names, else its key's (as Java clients choose it), else the first one. */
export function partitionOf(record: Emission, partitions: number): number {
  const { topic, partition } = record;
  if (partition === undefined) return isFact(record) || record.key === null ? 0 : partitionFor(record.key, partitions);
  if (!Number.isInteger(partition) || partition < 0 || partition >= partitions) {
    throw partitionUnknown(topic, partition, partitions);
  }
  return partition;
}

/** The key as it is stored; a copy. */
export function keyBytes(key: OutRecord['key']): Buffer | null {
  return key === null ? null : Buffer.from(key);
}
