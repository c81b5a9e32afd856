import type { LogBatch } from '@perennial/contracts';
import { type AssignedPartition, type AsyncCondition, outsideLog, type Want } from '@perennial/stream';
import { errorText } from '@perennial/values';
import type { Cluster } from 'kafkajs';
import { topicOffsets } from '../connection';
import { isUndecodable, outOfRange } from '../kafka-errors';
import type { KafkaSettings } from '../options';
import { fetchFrom, type FetchedPartition } from '../wire/fetch';
import { type FetchedSlice, slicesOf } from './completed-fetch';

/** Says which partitions are to be fetched, and accepts their batches. */
export interface FetchTarget {
  ready(): readonly AssignedPartition[];
  /** Whether `deliver` would accept a batch of the partition that begins at this offset. */
  wants(assigned: AssignedPartition, at: number): Want;
  deliver(assigned: AssignedPartition, batch: LogBatch): void;
  stop(assigned: AssignedPartition, reason: string): void;
}

/** One connection, as long as it lasts. */
export interface FetchRound {
  readonly cluster: Cluster;
  /** Notified when the target may want more, or the round is over. */
  readonly changed: AsyncCondition;
  over: boolean;
}

/** A partition and its position at the time of the fetch. */
interface Wanted {
  readonly assigned: AssignedPartition;
  readonly at: number;
}

/** Full partitions that one response holds. */
const PARTITIONS_PER_FETCH = 10;
/** How long the rest of a response is kept for a partition that is paused, in ms; then it is fetched again when it is wanted. */
const KEPT_MS = 5_000;

/** Single fetches from one broker for the fetcher, whose invariants hold here. Throws what another connection may cure. */
export class BrokerFetch {
  /** Partitions whose last response is being handed over, slice by slice. */
  private readonly handingOver = new Set<AssignedPartition>();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly topic: string,
    private readonly target: FetchTarget,
    private readonly round: FetchRound,
    private readonly node: number,
  ) {}

  /** Nothing that was fetched of the partition is still to be handed over. */
  isFree(assigned: AssignedPartition): boolean {
    return !this.handingOver.has(assigned);
  }

  async fetch(partitions: readonly AssignedPartition[]): Promise<void> {
    const wanted = partitions.map((assigned) => ({ assigned, at: assigned.next }));
    let alone: readonly Wanted[] = wanted;
    try {
      const fetched = await this.request(wanted, this.settings.maxBytesPerPartition);
      // A partition may have got nothing since the others filled the response.
      alone = wanted.filter((one) => !this.handOut(one, fetched) && isBehind(one, fetched));
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
      if (this.handOut(one, fetched) || !isBehind(one, fetched)) return;
    } catch (error) {
      if (outOfRange(error) !== undefined || !isUndecodable(error)) throw error;
      reason = errorText(error);
    }
    this.cannotRead(one.assigned, one.at, reason);
  }

  private async request(wanted: readonly Wanted[], maxBytes: number): Promise<readonly FetchedPartition[]> {
    const broker = await this.round.cluster.findBroker({ nodeId: String(this.node) });
    return fetchFrom(broker, {
      maxWaitMs: this.settings.maxWaitMs,
      maxBytes: maxBytes * PARTITIONS_PER_FETCH,
      topic: this.topic,
      partitions: wanted.map(({ assigned, at }) => ({ partition: assigned.partition, offset: at, maxBytes })),
    });
  }

  /** False when the response has nothing of this partition. */
  private handOut({ assigned, at }: Wanted, fetched: readonly FetchedPartition[]): boolean {
    const response = fetched.find(({ partition }) => partition === assigned.partition);
    if (response === undefined || response.frames.length === 0) return false;
    void this.handOver(assigned, at, response);
    return true;
  }

  /** Decompresses no further than the target wants; what it does not want any more is dropped. */
  private async handOver(assigned: AssignedPartition, start: number, response: FetchedPartition): Promise<void> {
    let at = start;
    this.handingOver.add(assigned);
    try {
      for await (const slice of slicesOf(response, start)) {
        if (!(await this.isWanted(assigned, at))) return;
        this.deliver(assigned, slice, response.highWatermark);
        at = slice.nextOffset;
      }
    } catch (error) {
      this.cannotRead(assigned, at, errorText(error));
    } finally {
      this.handingOver.delete(assigned);
      this.round.changed.notify();
    }
  }

  /** Waits while the partition is paused or busy. */
  private async isWanted(assigned: AssignedPartition, at: number): Promise<boolean> {
    const { round, target } = this;
    if (!round.over && target.wants(assigned, at) === 'now') return true;
    const late = performance.now() + KEPT_MS;
    const timer = setTimeout(() => {
      round.changed.notify();
    }, KEPT_MS);
    try {
      while (!round.over && performance.now() < late) {
        const want = target.wants(assigned, at);
        if (want !== 'later') return want === 'now';
        await round.changed.wait();
      }
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  private deliver(
    assigned: AssignedPartition,
    { records, fromOffset, nextOffset, bytes, gaps }: FetchedSlice,
    highWatermark: number,
  ): void {
    const { topic, settings } = this;
    const { partition } = assigned;
    for (const gap of gaps) settings.observer.gap({ topic, partition, ...gap });
    this.target.deliver(assigned, { topic, partition, records, bytes, fromOffset, nextOffset, highWatermark });
  }

  private cannotRead(assigned: AssignedPartition, at: number, reason: string): void {
    if (this.round.over || this.target.wants(assigned, at) === 'never') return;
    this.target.stop(
      assigned,
      `the batch at offset ${at} of ${this.topic}/${assigned.partition} cannot be read: ${reason}`,
    );
  }

  /** Stops the partition whose position is not in the log. */
  private async refuse(wanted: readonly Wanted[], partition: number, error: unknown): Promise<void> {
    const one = wanted.find(({ assigned }) => assigned.partition === partition);
    const log = (await topicOffsets(this.round.cluster, this.topic)).find((found) => found.partition === partition);
    // It may have been a broker that was behind; then another connection finds a better one.
    if (one === undefined || log === undefined || (one.at >= log.low && one.at <= log.high)) throw error;
    if (one.assigned.next !== one.at) return;
    this.target.stop(one.assigned, outsideLog(this.topic, partition, one.at, log.low, log.high));
  }
}

/** There is something to read after the position, which the response should have begun with. */
function isBehind({ assigned, at }: Wanted, fetched: readonly FetchedPartition[]): boolean {
  const response = fetched.find(({ partition }) => partition === assigned.partition);
  return response !== undefined && at < response.lastStableOffset;
}
