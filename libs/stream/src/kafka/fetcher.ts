/**
 * Fetches the partitions of one topic that its sink wants, wherever their leaders are. kafkajs' own consumer resets an
 * offset that is out of range without a word, hides the offsets it stepped over, and dies of a batch it cannot read;
 * here the position belongs to the sink, and only the network part of kafkajs is used.
 * Invariants:
 * 1. A partition is fetched at the sink's position and nowhere else. Where the log does not have that offset, or the
 *    batch there cannot be read, the partition is stopped with the reason; nothing is skipped.
 * 2. A fetch belongs to the flow and the position it was made for; the sink decides whether they still hold.
 * 3. Whatever else goes wrong (leader moved, connection lost, time-out), the connection is thrown away, metadata
 *    included, and a new one goes on at the same positions.
 */
import type { LogBatch } from '@perennial/contracts';
import type { Cluster } from 'kafkajs';
import { errorText } from '../error-text';
import type { Flow } from '../flow/partition-flows';
import { outsideLog, topicUnknown } from '../stream-errors';
import { Wake } from '../wake';
import { openConnection, type Connection } from './connection';
import { readable, type FetchedPartition, type FetchResponse } from './fetched-records';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { asStreamError, isUndecodable, outOfRange } from './kafka-errors';
import { topicOffsets } from './offsets';
import type { KafkaSettings } from './options';
import { keepTrying, Link } from './supervise';

/** Wants batches and takes them. */
export interface FetchSink {
  ready(): readonly Flow[];
  deliver(flow: Flow, at: number, batch: LogBatch, next: number): void;
  stop(flow: Flow, reason: string): void;
}

/** A flow and the position at the time of the fetch. */
interface Wanted {
  readonly flow: Flow;
  readonly at: number;
}

const READ_COMMITTED = 1;
const MAX_PARTITIONS_BYTES = 10;

export class Fetcher {
  /** To be notified when the sink's wants grew. */
  readonly wake = new Wake();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly topic: string,
    private readonly sink: FetchSink,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    const link = new Link(`fetch:${this.topic}`, this.settings);
    await keepTrying(link, signal, async (connected) => {
      const connection = openConnection(this.settings);
      const end = () => {
        connection.cut();
        this.wake.notify();
      };
      signal.addEventListener('abort', end, { once: true });
      try {
        await this.connect(connection);
        connected();
        await this.serveAll(connection.cluster, signal);
      } catch (error) {
        throw asStreamError(error, `reading topic ${this.topic}`, this.topic);
      } finally {
        signal.removeEventListener('abort', end);
        end();
      }
    });
    link.closed();
  }

  private async connect({ cluster }: Connection): Promise<void> {
    await cluster.connect();
    await cluster.addMultipleTargetTopics([this.topic]);
    if (cluster.findTopicPartitionMetadata(this.topic).length === 0) throw topicUnknown(this.topic);
  }

  /** One loop for each broker that leads a partition, so that a broker without news does not hold up the others. */
  private async serveAll(cluster: Cluster, signal: AbortSignal): Promise<void> {
    const leaders = new Map(
      cluster.findTopicPartitionMetadata(this.topic).map(({ partitionId, leader }) => [partitionId, leader]),
    );
    const round = { over: false };
    const serve = async (node: number) => {
      while (!round.over && !signal.aborted) {
        const mine = this.sink.ready().filter(({ partition }) => leaders.get(partition) === node);
        if (mine.length === 0) await this.wake.wait();
        else await this.fetch(cluster, node, mine);
        // Handlers that only hand over have settled after a turn; else their partitions would miss the next fetch.
        await nextTurn();
      }
    };
    try {
      await Promise.all([...new Set(leaders.values())].map(serve));
    } finally {
      round.over = true;
    }
  }

  private async fetch(cluster: Cluster, node: number, flows: readonly Flow[]): Promise<void> {
    const wanted = flows.map((flow) => ({ flow, at: flow.next }));
    let alone: readonly Wanted[] = wanted;
    try {
      const fetched = await this.request(cluster, node, wanted, this.settings.maxBytesPerPartition);
      // A partition may have got nothing since the others filled the answer; or since its batch is not readable.
      alone = wanted.filter((one) => !this.take(one, fetched) && isBehind(one, fetched));
    } catch (error) {
      const partition = outOfRange(error);
      if (partition !== undefined) {
        await this.refuse(cluster, wanted, partition, error);
        return;
      }
      if (!isUndecodable(error)) throw error;
    }
    for (const one of alone) await this.fetchAlone(cluster, node, one);
  }

  /** A single batch of a single partition: the broker sends it whole, so that here nothing but the batch can fail. */
  private async fetchAlone(cluster: Cluster, node: number, one: Wanted): Promise<void> {
    let reason = 'the broker says that it is there, but sends nothing readable';
    try {
      const fetched = await this.request(cluster, node, [one], 1);
      if (this.take(one, fetched) || !isBehind(one, fetched)) return;
    } catch (error) {
      if (outOfRange(error) !== undefined || !isUndecodable(error)) throw error;
      reason = errorText(error);
    }
    if (one.flow.next !== one.at) return;
    this.sink.stop(
      one.flow,
      `the batch at offset ${one.at} of ${this.topic}/${one.flow.partition} cannot be read: ${reason}`,
    );
  }

  private async request(
    cluster: Cluster,
    node: number,
    wanted: readonly Wanted[],
    maxBytes: number,
  ): Promise<readonly FetchedPartition[]> {
    const broker = await cluster.findBroker({ nodeId: String(node) });
    const { responses } = (await broker.fetch({
      maxWaitTime: this.settings.maxWaitMs,
      minBytes: 1,
      maxBytes: maxBytes * MAX_PARTITIONS_BYTES,
      isolationLevel: 0,
      topics: [
        {
          topic: this.topic,
          partitions: wanted.map(({ flow, at }) => ({ partition: flow.partition, fetchOffset: String(at), maxBytes })),
        },
      ],
    })) as FetchResponse;
    return responses.flatMap(({ partitions }) => partitions);
  }

  /** False when the answer has nothing of this partition. */
  private take({ flow, at }: Wanted, fetched: readonly FetchedPartition[]): boolean {
    const { topic } = this;
    const { partition } = flow;
    const answer = fetched.find((candidate) => candidate.partition === partition);
    const read = answer && readable(answer, at);
    if (!answer || !read) return false;
    if (read.found > at) this.settings.observer.gap({ topic, partition, expected: at, found: read.found });
    const highWatermark = Number(answer.highWatermark);
    this.sink.deliver(flow, at, { topic, partition, records: read.records, highWatermark }, read.next);
    return true;
  }

  private async refuse(cluster: Cluster, wanted: readonly Wanted[], partition: number, error: unknown): Promise<void> {
    const one = wanted.find(({ flow }) => flow.partition === partition);
    const log = (await topicOffsets(cluster, this.topic)).find((found) => found.partition === partition);
    // It may have been a broker that was behind; then another connection finds a better one.
    if (one === undefined || log === undefined || (one.at >= log.low && one.at <= log.high)) throw error;
    if (one.flow.next !== one.at) return;
    this.sink.stop(one.flow, outsideLog(this.topic, partition, one.at, log.low, log.high));
  }
}

/** There is something to read after the position, which the answer should have begun with. */
function isBehind({ flow, at }: Wanted, fetched: readonly FetchedPartition[]): boolean {
  const answer = fetched.find(({ partition }) => partition === flow.partition);
  return answer !== undefined && at < Number(answer.lastStableOffset);
}
