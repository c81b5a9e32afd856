/**
 * Sends with kafkajs' idempotent producer.
 * Invariants:
 * 1. One request at a time (the queue sees to it): kafkajs gives the sequence number of a failed request to the next
 *    one, and the broker would take other records under it for a repeat and drop them.
 * 2. For the same reason a producer that failed once is never used again; a new one has a new identity.
 * 3. Nothing is acknowledged that the answer does not name: kafkajs forgets partitions whose leader moved to a broker
 *    which had answered already.
 * 4. A client whose deadline passed is cut off, so that none of its retries arrives later.
 */
import type { OutRecord } from '@perennial/contracts';
import type { Message, PartitionerArgs, Producer, RecordMetadata, TopicMessages } from 'kafkajs';
import type { Acknowledged, LogProducer } from '../port';
import { keyBytes, partitionOf } from '../routing';
import { logClosed } from '../stream-errors';
import { openConnection } from './connection';
import { asStreamError } from './kafka-errors';
import type { KafkaSettings } from './options';
import { SendQueue, type Placed } from './send-queue';
import { keepTrying, Link } from './supervise';

interface Client {
  readonly producer: Producer;
  readonly cut: () => void;
}

/** A record on its way; the partitioner writes down where it goes. */
interface Outgoing extends Message {
  readonly key: Buffer | null;
  readonly record: OutRecord;
  chosen: number;
}

const ALL_REPLICAS = -1;

export class KafkaProducer implements LogProducer {
  private readonly link: Link;
  private readonly queue: SendQueue;
  private readonly closing = new AbortController();
  private client: Client | null = null;

  constructor(private readonly settings: KafkaSettings) {
    this.link = new Link('producer', settings);
    this.queue = new SendQueue((records, deadline) => this.request(records, deadline), {
      maxRequestBytes: settings.maxRequestBytes,
      maxQueuedBytes: settings.maxQueuedBytes,
      timeoutMs: settings.requestTimeoutMs,
    });
  }

  async connect(): Promise<void> {
    const { signal } = this.closing;
    await keepTrying(this.link, signal, async (connected) => {
      this.client ??= await this.open();
      connected();
    });
    if (signal.aborted) throw logClosed();
  }

  send(records: readonly OutRecord[]): Promise<readonly Acknowledged[]> {
    return this.queue.send(records);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.queue.close();
    this.drop();
    this.link.closed();
  }

  private async request(records: readonly OutRecord[], deadline: number): Promise<readonly Placed[]> {
    const outgoing = records.map(toOutgoing);
    const timer = setTimeout(() => {
      this.drop();
    }, deadline - performance.now());
    try {
      this.client ??= await this.open();
      const answer = await this.client.producer.sendBatch({
        topicMessages: byTopic(outgoing),
        acks: ALL_REPLICAS,
        timeout: this.settings.requestTimeoutMs,
      });
      this.link.connected();
      return placesOf(outgoing, answer);
    } catch (error) {
      this.drop();
      const topics = [...new Set(records.map(({ topic }) => topic))].join(', ');
      const failure = asStreamError(error, `sending to ${topics}`, topics);
      this.link.waiting(failure);
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  }

  private async open(): Promise<Client> {
    const { kafka, retry, cut } = openConnection(this.settings);
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: () => choosePartition,
      retry,
    });
    try {
      await producer.connect();
    } catch (error) {
      cut();
      throw asStreamError(error, 'connecting a producer');
    }
    return { producer, cut };
  }

  private drop(): void {
    this.client?.cut();
    this.client = null;
  }
}

function toOutgoing(record: OutRecord): Outgoing {
  const { value } = record;
  return {
    key: keyBytes(record.key),
    value: value && Buffer.from(value.buffer, value.byteOffset, value.byteLength),
    headers: { ...record.headers },
    record,
    chosen: -1,
  };
}

function choosePartition({ partitionMetadata, message }: PartitionerArgs): number {
  const outgoing = message as Outgoing;
  outgoing.chosen = partitionOf({ ...outgoing.record, key: outgoing.key }, partitionMetadata.length);
  return outgoing.chosen;
}

function byTopic(outgoing: readonly Outgoing[]): TopicMessages[] {
  const topics = new Map<string, Outgoing[]>();
  for (const message of outgoing) {
    const messages = topics.get(message.record.topic) ?? [];
    topics.set(message.record.topic, messages);
    messages.push(message);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}

function placesOf(outgoing: readonly Outgoing[], answer: readonly RecordMetadata[]): readonly Placed[] {
  const next = new Map(answer.map((found) => [`${found.topicName}/${found.partition}`, Number(found.baseOffset)]));
  return outgoing.map(({ record: { topic }, chosen }) => {
    const id = `${topic}/${chosen}`;
    const offset = next.get(id);
    if (offset === undefined) throw new Error(`the broker's answer does not name ${id}`);
    next.set(id, offset + 1);
    return { topic, partition: chosen, offset };
  });
}
