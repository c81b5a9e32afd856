/**
 * One identity at the brokers: a connection and a producer id, with the sequence number of each partition.
 *
 * 1. A batch keeps its sequence number until it is acknowledged, and the next one of its partition comes after it: sent
 *    again after a lost answer, it is known for a repeat and appended once.
 * 2. After a failure nobody knows what the brokers have: the session is thrown away with its identity.
 */
import type { Cluster } from 'kafkajs';
import { createErrorFromCode } from 'kafkajs/src/protocol/error';
import { setTimeout as pause } from 'node:timers/promises';
import { topicUnknown } from '@perennial/stream';
import { openConnection } from '../connection';
import { asStreamError } from '../kafka-errors';
import type { KafkaSettings } from '../options';
import { groupBy, type PartitionResponse, produceRequests } from '../wire/produce';
import type { ProducerBatch } from './producer-batch';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;
const MAX_SEQUENCE = 0x7fff_ffff;

/** What we use of kafkajs' broker beside its types. */
interface Controller {
  initProducerId(request: {
    readonly transactionTimeout: number;
  }): Promise<{ readonly producerId: unknown; readonly producerEpoch: number }>;
}

export class ProducerSession {
  private readonly topics = new Set<string>();
  private readonly sequences = new Map<string, number>();

  private constructor(
    private readonly cluster: Cluster,
    private readonly producerId: bigint,
    private readonly producerEpoch: number,
    private readonly timeoutMs: number,
    readonly destroy: () => void,
  ) {}

  /** Given up as soon as `signal` aborts. */
  static async open(settings: KafkaSettings, signal: AbortSignal): Promise<ProducerSession> {
    const { cluster, destroy } = openConnection(settings);
    signal.addEventListener('abort', destroy, { once: true });
    if (signal.aborted) destroy();
    try {
      await cluster.connect();
      await cluster.refreshMetadataIfNecessary();
      const controller = (await cluster.findControllerBroker()) as unknown as Controller;
      const identity = await controller.initProducerId({ transactionTimeout: settings.requestTimeoutMs });
      const id = BigInt(String(identity.producerId));
      return new ProducerSession(cluster, id, identity.producerEpoch, settings.requestTimeoutMs, destroy);
    } catch (error) {
      destroy();
      throw asStreamError(error, 'connecting a producer');
    } finally {
      signal.removeEventListener('abort', destroy);
    }
  }

  /** Learns where the partitions of these topics are. */
  async addTopics(topics: Iterable<string>): Promise<void> {
    const unknown = [...new Set(topics)].filter((topic) => !this.topics.has(topic));
    if (unknown.length === 0) return;
    await this.cluster.addMultipleTargetTopics(unknown);
    for (const topic of unknown) this.topics.add(topic);
  }

  partitionsOf(topic: string): number {
    const partitions = this.cluster.findTopicPartitionMetadata(topic).length;
    if (partitions === 0) throw topicUnknown(topic);
    return partitions;
  }

  /** Appends one batch of each partition; answers where. Tries again until the deadline what a broker refuses for the moment. */
  async append(batches: readonly ProducerBatch[], deadline: number): Promise<ReadonlyMap<ProducerBatch, number>> {
    const offsets = new Map<ProducerBatch, number>();
    let left = batches;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      const failure = await this.tryAppend(left, offsets);
      left = left.filter((batch) => !offsets.has(batch));
      if (left.length === 0) return offsets;
      if (!isRetriable(failure) || performance.now() + wait >= deadline)
        throw failure ?? new Error('nothing was said of a batch');
      await pause(wait);
      await this.refreshMetadata(failure).catch(() => undefined); // the next try says what is wrong
    }
  }

  /**
   * What went wrong with those that are not in `offsets` afterwards. Waits for every leader, also when one fails: a batch is
   * sent again only when its first request has ended (invariant 1).
   */
  private async tryAppend(
    batches: readonly ProducerBatch[],
    offsets: Map<ProducerBatch, number>,
  ): Promise<Error | null> {
    try {
      const byLeader = groupBy(batches, (batch) => this.leaderOf(batch));
      const failures = await Promise.all(
        [...byLeader].map(([node, mine]) => this.appendAt(node, mine, offsets).catch(asError)),
      );
      return failures.find((failure) => failure !== null) ?? null;
    } catch (error) {
      return asError(error);
    }
  }

  /** Learns where the leaders are now. */
  private async refreshMetadata(failure: Error): Promise<void> {
    const { cluster } = this;
    if ('host' in failure && 'port' in failure)
      cluster.removeBroker(failure as unknown as { host: string; port: number });
    if (!cluster.isConnected()) await cluster.connect();
    await cluster.refreshMetadata();
  }

  private leaderOf({ topic, partition }: ProducerBatch): string {
    const [leader] = Object.keys(this.cluster.findLeaderForPartitions(topic, [partition]));
    return leader ?? '';
  }

  private async appendAt(
    nodeId: string,
    batches: readonly ProducerBatch[],
    offsets: Map<ProducerBatch, number>,
  ): Promise<Error | null> {
    const broker = await this.cluster.findBroker({ nodeId });
    const timestamp = Date.now();
    const { producerId, producerEpoch, timeoutMs } = this;
    const responses = await produceRequests.send(broker, {
      timeoutMs,
      batches: batches.map(({ topic, partition, writer }) => {
        const baseSequence = this.sequences.get(`${topic}/${partition}`) ?? 0;
        return { topic, partition, bytes: writer.finish({ producerId, producerEpoch, baseSequence, timestamp }) };
      }),
    });
    let failure: Error | null = null;
    for (const batch of batches) {
      const response = responses.find(({ topic, partition }) => topic === batch.topic && partition === batch.partition);
      const wrong = refusal(batch, response);
      if (wrong !== null) failure = wrong;
      else if (response !== undefined) this.acknowledge(batch, response, offsets);
    }
    return failure;
  }

  private acknowledge(
    batch: ProducerBatch,
    { baseOffset }: PartitionResponse,
    offsets: Map<ProducerBatch, number>,
  ): void {
    const id = `${batch.topic}/${batch.partition}`;
    const next = (this.sequences.get(id) ?? 0) + batch.writer.count;
    this.sequences.set(id, next > MAX_SEQUENCE ? next - MAX_SEQUENCE - 1 : next);
    offsets.set(batch, baseOffset);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function refusal({ topic, partition }: ProducerBatch, response: PartitionResponse | undefined): Error | null {
  if (response === undefined) return new Error(`the broker's answer does not name ${topic}/${partition}`);
  return response.errorCode === 0 ? null : createErrorFromCode(response.errorCode);
}

function isRetriable(error: Error | null): error is Error & { readonly retriable: true } {
  return error !== null && 'retriable' in error && error.retriable === true;
}
