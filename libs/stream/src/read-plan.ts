import type { LogBatch } from '@perennial/contracts';
import type { PartitionOffsets, ReadOptions } from './port';
import { offsetOutside, partitionUnknown } from './errors';

/** Where a reader begins; throws `InvalidInput` for an offset that the log does not have. */
export function startPositions(
  { topic, from }: Pick<ReadOptions, 'topic' | 'from'>,
  offsets: readonly PartitionOffsets[],
): Map<number, number> {
  if (from === 'beginning') return new Map(offsets.map(({ partition, low }) => [partition, low]));
  if (from === 'end') return new Map(offsets.map(({ partition, high }) => [partition, high]));
  for (const [partition, offset] of from) {
    const log = offsets.find((candidate) => candidate.partition === partition);
    if (log === undefined) throw partitionUnknown(topic, partition, offsets.length);
    if (offset < log.low || offset > log.high) throw offsetOutside(topic, partition, offset, log.low, log.high);
  }
  return new Map(from);
}

/** Positions that are still before their end. */
export function unread(positions: ReadonlyMap<number, number>, until: ReadOptions['until']): Map<number, number> {
  return new Map([...positions].filter(([partition, position]) => position < (until?.get(partition) ?? Infinity)));
}

/** What of a batch is before the end. */
export function beforeEnd(batch: LogBatch, until: ReadOptions['until']): LogBatch {
  const end = until?.get(batch.partition) ?? Infinity;
  if (batch.nextOffset <= end) return batch;
  const records = [...batch.records].filter(({ offset }) => offset < end);
  return { ...batch, records, nextOffset: end };
}
