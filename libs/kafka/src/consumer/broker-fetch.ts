import type { LogBatch } from '@perennial/contracts';
import type { Cluster } from 'kafkajs';
import { errorText } from '@perennial/stream';
import type { Flow, Want } from '@perennial/stream';
import { outsideLog } from '@perennial/stream';
import type { Wake } from '@perennial/stream';
import { fetchFrom } from '../wire/fetch';
import { type FetchedPartition, slicesOf } from './fetched-records';
import { isUndecodable, outOfRange } from '../kafka-errors';
import { topicOffsets } from '../offsets';
import type { KafkaSettings } from '../options';
import type { FetchedSlice } from './completed-fetch';

/** Wants batches and takes them. */
export interface FetchSink {
  ready(): readonly Flow[];
  /** Whether a batch of the flow that begins at this offset would be taken. */
  wants(flow: Flow, at: number): Want;
  deliver(flow: Flow, batch: LogBatch): void;
  stop(flow: Flow, reason: string): void;
}

/** One connection, as long as it lasts. */
export interface Round {
  readonly cluster: Cluster;
  readonly wake: Wake;
  over: boolean;
}

/** A flow and the position at the time of the fetch. */
interface Wanted {
  readonly flow: Flow;
  readonly at: number;
}

/** Full partitions that one answer holds. */
const PARTITIONS_PER_FETCH = 10;
/** How long the rest of an answer is kept for a flow that is paused, in ms; then it is fetched again when it is wanted. */
const KEPT_MS = 5_000;

/** Single fetches from one broker; the invariants are those of the fetcher. Throws what another connection may cure. */
export class BrokerFetch {
  /** Flows whose last answer is being handed over, slice by slice. */
  private readonly handingOver = new Set<Flow>();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly topic: string,
    private readonly sink: FetchSink,
    private readonly round: Round,
    private readonly node: number,
  ) {}

  /** Nothing that was fetched of the flow is still to be handed over. */
  isFree(flow: Flow): boolean {
    return !this.handingOver.has(flow);
  }

  async fetch(flows: readonly Flow[]): Promise<void> {
    const wanted = flows.map((flow) => ({ flow, at: flow.next }));
    let alone: readonly Wanted[] = wanted;
    try {
      const fetched = await this.request(wanted, this.settings.maxBytesPerPartition);
      // A partition may have got nothing since the others filled the answer.
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

  /** A single batch of a single partition: the broker sends it whole. */
  private async fetchAlone(one: Wanted): Promise<void> {
    let reason = 'the broker says that it is there, but sends nothing readable';
    try {
      const fetched = await this.request([one], 1);
      if (this.take(one, fetched) || !isBehind(one, fetched)) return;
    } catch (error) {
      if (outOfRange(error) !== undefined || !isUndecodable(error)) throw error;
      reason = errorText(error);
    }
    this.cannotRead(one.flow, one.at, reason);
  }

  private async request(wanted: readonly Wanted[], maxBytes: number): Promise<readonly FetchedPartition[]> {
    const broker = await this.round.cluster.findBroker({ nodeId: String(this.node) });
    return fetchFrom(broker, {
      maxWaitMs: this.settings.maxWaitMs,
      maxBytes: maxBytes * PARTITIONS_PER_FETCH,
      topic: this.topic,
      partitions: wanted.map(({ flow, at }) => ({ partition: flow.partition, offset: at, maxBytes })),
    });
  }

  /** False when the answer has nothing of this partition. */
  private take({ flow, at }: Wanted, fetched: readonly FetchedPartition[]): boolean {
    const answer = fetched.find(({ partition }) => partition === flow.partition);
    if (answer === undefined || answer.frames.length === 0) return false;
    void this.handOver(flow, at, answer);
    return true;
  }

  /** Unpacks no further than the flow takes; what it does not want any more is dropped. */
  private async handOver(flow: Flow, start: number, answer: FetchedPartition): Promise<void> {
    let at = start;
    this.handingOver.add(flow);
    try {
      for await (const slice of slicesOf(answer, start)) {
        if (!(await this.isWanted(flow, at))) return;
        this.deliver(flow, slice, answer.highWatermark);
        at = slice.nextOffset;
      }
    } catch (error) {
      this.cannotRead(flow, at, errorText(error));
    } finally {
      this.handingOver.delete(flow);
      this.round.wake.notify();
    }
  }

  /** Waits while the flow is paused or busy. */
  private async isWanted(flow: Flow, at: number): Promise<boolean> {
    const { round, sink } = this;
    if (!round.over && sink.wants(flow, at) === 'now') return true;
    const late = performance.now() + KEPT_MS;
    const timer = setTimeout(() => {
      round.wake.notify();
    }, KEPT_MS);
    try {
      while (!round.over && performance.now() < late) {
        const want = sink.wants(flow, at);
        if (want !== 'later') return want === 'now';
        await round.wake.wait();
      }
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  private deliver(
    flow: Flow,
    { records, fromOffset, nextOffset, bytes, gaps }: FetchedSlice,
    highWatermark: number,
  ): void {
    const { topic, settings } = this;
    const { partition } = flow;
    for (const gap of gaps) settings.observer.gap({ topic, partition, ...gap });
    this.sink.deliver(flow, { topic, partition, records, bytes, fromOffset, nextOffset, highWatermark });
  }

  private cannotRead(flow: Flow, at: number, reason: string): void {
    if (this.round.over || this.sink.wants(flow, at) === 'never') return;
    this.sink.stop(flow, `the batch at offset ${at} of ${this.topic}/${flow.partition} cannot be read: ${reason}`);
  }

  /** Stops the partition whose position is not in the log. */
  private async refuse(wanted: readonly Wanted[], partition: number, error: unknown): Promise<void> {
    const one = wanted.find(({ flow }) => flow.partition === partition);
    const log = (await topicOffsets(this.round.cluster, this.topic)).find((found) => found.partition === partition);
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
