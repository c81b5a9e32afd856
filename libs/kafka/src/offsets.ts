import type { Cluster } from 'kafkajs';
import type { PartitionOffsets } from '@perennial/stream';

/** Next offset of each partition as the isolation level of the cluster shows it; after `connectTo`. */
export async function endOffsets(cluster: Cluster, topic: string): Promise<ReadonlyMap<number, number>> {
  const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId }));
  const found = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning: false }]);
  return new Map(
    found.flatMap((one) => one.partitions).map(({ partition, offset }) => [partition, Number(offset)] as const),
  );
}

/** First and next offset of each partition; after `connectTo`. */
export async function topicOffsets(cluster: Cluster, topic: string): Promise<readonly PartitionOffsets[]> {
  const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId }));
  const ends = (fromBeginning: boolean) => cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }]);
  const [lows, highs] = await Promise.all([ends(true), ends(false)]);
  const low = new Map(lows.flatMap((found) => found.partitions).map(({ partition, offset }) => [partition, offset]));
  return highs
    .flatMap((found) => found.partitions)
    .map(({ partition, offset }) => ({ partition, low: Number(low.get(partition)), high: Number(offset) }));
}
