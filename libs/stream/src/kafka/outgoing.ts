import type { OutRecord } from '@perennial/contracts';
import type { Message, PartitionerArgs, RecordMetadata, TopicMessages } from 'kafkajs';
import { keyBytes, partitionOf } from '../routing';
import type { Placed } from './send-queue';

/** A record on its way; the partitioner writes down where it goes. */
export interface Outgoing extends Message {
  readonly key: Buffer | null;
  readonly record: OutRecord;
  chosen: number;
}

export function toOutgoing(record: OutRecord): Outgoing {
  const { value } = record;
  return {
    key: keyBytes(record.key),
    value: value && Buffer.from(value.buffer, value.byteOffset, value.byteLength),
    headers: { ...record.headers },
    record,
    chosen: -1,
  };
}

/** For kafkajs: only here it says how many partitions there are. */
export function choosePartition({ partitionMetadata, message }: PartitionerArgs): number {
  const outgoing = message as Outgoing;
  outgoing.chosen = partitionOf({ ...outgoing.record, key: outgoing.key }, partitionMetadata.length);
  return outgoing.chosen;
}

export function byTopic(outgoing: readonly Outgoing[]): TopicMessages[] {
  const topics = new Map<string, Outgoing[]>();
  for (const message of outgoing) {
    const messages = topics.get(message.record.topic) ?? [];
    topics.set(message.record.topic, messages);
    messages.push(message);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}

/** Where each record went. Throws when the answer does not name the partition of one. */
export function placesOf(outgoing: readonly Outgoing[], answer: readonly RecordMetadata[]): readonly Placed[] {
  const next = new Map(answer.map((found) => [`${found.topicName}/${found.partition}`, Number(found.baseOffset)]));
  return outgoing.map(({ record: { topic }, chosen }) => {
    const id = `${topic}/${chosen}`;
    const offset = next.get(id);
    if (offset === undefined) throw new Error(`the broker's answer does not name ${id}`);
    next.set(id, offset + 1);
    return { topic, partition: chosen, offset };
  });
}
