import type { LogBatch } from '@perennial/contracts';
import type { Cluster } from 'kafkajs';
import { errorText } from '../error-text';
import type { Flow } from '../flow/partition-flows';
import { outsideLog } from '../stream-errors';
import { fetchFrom } from './fetch-request';
import { readable, type FetchedPartition } from './fetched-records';
import { isUndecodable, outOfRange } from './kafka-errors';
import { topicOffsets } from './offsets';
import type { KafkaSettings } from './options';

/** Wants batches and takes them. */
export interface FetchSink {
  ready(): readonly Flow[];
  deliver(flow: Flow, batch: LogBatch): void;
  stop(flow: Flow, reason: string): void;
}

/** A flow and the position at the time of the fetch. */
interface Wanted {
  readonly flow: Flow;
  readonly at: number;
}

/** Full partitions that one answer holds. */
const PARTITIONS_PER_FETCH = 10;

/** Single fetches from one broker; the invariants are those of the fetcher. Throws what another connection may cure. */
export class BrokerFetch {
  constructor(
    private readonly settings: KafkaSettings,
    private readonly topic: string,
    private readonly sink: FetchSink,
    private readonly cluster: Cluster,
    private readonly node: number,
  ) {}

  async fetch(flows: readonly Flow[]): Promise<void> {
    const wanted = flows.map((flow) => ({ flow, at: flow.next }));
    let alone: readonly Wanted[] = wanted;
    try {
      const fetched = await this.request(wanted, this.settings.maxBytesPerPartition);
      // A partition may have got nothing since the others filled the answer; or since its batch is not readable.
      alone = wanted.filter((one) => !this.take(one, fetched) && isBehind(one, fetched));
    } catch (error) {
      const partition = outOfRange(error);
      if (partition !== undefined) {
        await this.refuse(wanted, partition, error);
        return;
      }
      if (!isUndecodable(error)) throw error;
    }
    for (const one of alone) await this.fetchAlone(one);
  }

  /** A single batch of a single partition: the broker sends it whole, so that here nothing but the batch can fail. */
  private async fetchAlone(one: Wanted): Promise<void> {
    let reason = 'the broker says that it is there, but sends nothing readable';
    try {
      const fetched = await this.request([one], 1);
      if (this.take(one, fetched) || !isBehind(one, fetched)) return;
    } catch (error) {
      if (outOfRange(error) !== undefined || !isUndecodable(error)) throw error;
      reason = errorText(error);
    }
    const { flow, at } = one;
    if (flow.next !== at) return;
    this.sink.stop(flow, `the batch at offset ${at} of ${this.topic}/${flow.partition} cannot be read: ${reason}`);
  }

  private async request(wanted: readonly Wanted[], maxBytes: number): Promise<readonly FetchedPartition[]> {
    const broker = await this.cluster.findBroker({ nodeId: String(this.node) });
    return fetchFrom(broker, {
      maxWaitMs: this.settings.maxWaitMs,
      maxBytes: maxBytes * PARTITIONS_PER_FETCH,
      topic: this.topic,
      partitions: wanted.map(({ flow, at }) => ({ partition: flow.partition, offset: at, maxBytes })),
    });
  }

  /** False when the answer has nothing of this partition. */
  private take({ flow, at }: Wanted, fetched: readonly FetchedPartition[]): boolean {
    const { topic } = this;
    const { partition } = flow;
    const answer = fetched.find((candidate) => candidate.partition === partition);
    const read = answer && readable(answer, at);
    if (!answer || !read) return false;
    if (read.found > at) this.settings.observer.gap({ topic, partition, expected: at, found: read.found });
    const { highWatermark } = answer;
    const { records, next: nextOffset } = read;
    this.sink.deliver(flow, { topic, partition, records, fromOffset: at, nextOffset, highWatermark });
    return true;
  }

  /** Stops the partition whose position is not in the log. */
  private async refuse(wanted: readonly Wanted[], partition: number, error: unknown): Promise<void> {
    const one = wanted.find(({ flow }) => flow.partition === partition);
    const log = (await topicOffsets(this.cluster, this.topic)).find((found) => found.partition === partition);
    // It may have been a broker that was behind; then another connection finds a better one.
    if (one === undefined || log === undefined || (one.at >= log.low && one.at <= log.high)) throw error;
    if (one.flow.next !== one.at) return;
    this.sink.stop(one.flow, outsideLog(this.topic, partition, one.at, log.low, log.high));
  }
}

/** There is something to read after the position, which the answer should have begun with. */
function isBehind({ flow, at }: Wanted, fetched: readonly FetchedPartition[]): boolean {
  const answer = fetched.find(({ partition }) => partition === flow.partition);
  return answer !== undefined && at < answer.lastStableOffset;
}
