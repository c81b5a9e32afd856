/**
 * The engine: partitions come and go, records come in; everything else is each partition's own matter.
 *
 * Invariants
 * 1. At most one {@link Partition} per partition number runs in this process: a new claim waits for the old loop to end.
 * 2. A claim raises the partition's epoch in the store before its first record is taken, so older owners are fenced.
 * 3. An owner that is fenced though the group still gives it the partition claims it again: a former owner's late claim, or an
 *    operator, may have come in between. It waits first, as long as a former owner may go on, so that two owners who both
 *    believe to be right do not take turns.
 */
import type { LogBatch } from '@perennial/contracts';
import type { LeaseTimes } from './lease';
import type { EngineObserver } from './observer';
import { Partition } from './partition';
import { Plans } from './plans';
import type { CrashPoints, EngineStore, FlowControl, Publisher, Timekeeper } from './ports';
import { ABANDONED, retrying } from './retrying';
import { DEFAULT_LIMITS, type Limits, type Shared } from './shared';
import { Signing } from './signing';

export interface EngineOptions {
  /** Names this process in the store. */
  readonly owner: string;
  /** The installation's key, for clock records and commands. */
  readonly key: Uint8Array;
  /** Partitions of the activity topic. */
  readonly partitions: number;
  readonly store: EngineStore;
  readonly publisher: Publisher;
  readonly flow: FlowControl;
  readonly time: Timekeeper;
  readonly observer: EngineObserver;
  /** Only tests give one. */
  readonly crash?: CrashPoints;
  /** Compiled definitions, where several engines share them. */
  readonly plans?: Plans;
  readonly limits?: Partial<Limits>;
  /** Default: 3 s and 3 s. */
  readonly lease?: LeaseTimes;
}

const DEFAULT_LEASE: LeaseTimes = { leaseMs: 3_000, requestTimeoutMs: 3_000 };

export class Engine {
  private readonly shared: Shared;
  private readonly partitions = new Map<number, Partition>();
  private readonly wanted = new Set<number>();
  /** The last claim of each partition. */
  private readonly turns = new Map<number, Promise<unknown>>();
  private stopping = false;

  constructor(private readonly options: EngineOptions) {
    const { store, publisher, flow, time, observer, key, limits, crash } = options;
    this.shared = {
      store,
      publisher,
      flow,
      time,
      observer,
      crash: crash ?? { reach: () => undefined },
      signing: new Signing(key),
      plans: options.plans ?? new Plans(),
      partitions: options.partitions,
      limits: { ...DEFAULT_LIMITS, ...limits },
      lease: options.lease ?? DEFAULT_LEASE,
    };
  }

  /** Takes partitions over; answers where each starts. Those revoked meanwhile are left out. */
  async claim(partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    for (const partition of partitions) this.wanted.add(partition);
    const starts = await Promise.all(
      partitions.map(async (partition) => [partition, await this.claimOne(partition)] as const),
    );
    return new Map(starts.flatMap(([partition, start]) => (start === null ? [] : [[partition, start] as const])));
  }

  /** Partitions were taken away. */
  revoke(partitions: readonly number[]): void {
    for (const partition of partitions) {
      this.wanted.delete(partition);
      const taken = this.partitions.get(partition);
      if (taken === undefined) continue;
      this.partitions.delete(partition);
      this.shared.observer.released(partition);
      taken.handOver().catch((error: unknown) => {
        this.shared.observer.stopped(partition, error instanceof Error ? error.message : String(error));
      });
    }
  }

  /** Records of one partition; those of partitions that are not ours are passed over. */
  receive(batch: LogBatch): void {
    this.partitions.get(batch.partition)?.offer(batch);
  }

  /** Ends in order, within `patience` ms; after that what is under way is left to the next owner. */
  async stop(patience = 10_000): Promise<void> {
    this.stopping = true;
    const all = [...this.partitions.values()];
    const cancel = this.shared.time.after(patience, () => {
      for (const partition of all) partition.abandon();
    });
    await Promise.all(all.map((partition) => partition.finish()));
    cancel();
    for (const partition of this.partitions.keys()) this.shared.observer.released(partition);
    this.partitions.clear();
  }

  /** Claims of one partition are made one after the other, whoever asks (invariant 1). */
  private claimOne(partition: number, fenced?: Partition): Promise<number | null> {
    const turn = (this.turns.get(partition) ?? Promise.resolve()).then(() => this.take(partition, fenced));
    this.turns.set(
      partition,
      turn.catch(() => undefined),
    );
    return turn;
  }

  /** Null when it is not wanted any more. A claim because of `fenced` is not wanted once another claim has come in between. */
  private async take(partition: number, fenced?: Partition): Promise<number | null> {
    const { store, observer, time, flow } = this.shared;
    const former = this.partitions.get(partition);
    if (fenced !== undefined && former !== fenced) return null;
    await former?.handOver();
    const abandoned = (): boolean => this.stopping || !this.wanted.has(partition);
    let sentAt = 0;
    const claim = await retrying('claim', { partition, observer, time, abandoned }, () => {
      sentAt = time.monotonic();
      return store.claim(partition, this.options.owner);
    });
    if (claim === ABANDONED || abandoned()) return null;
    const taken = new Partition(this.shared, partition, claim, sentAt, () => {
      this.lost(partition, taken);
    });
    this.partitions.set(partition, taken);
    // At once, so that nothing comes in between which was fetched for the former owner, or stays paused by its queue.
    if (fenced !== undefined) flow.seek(partition, claim.nextOffset);
    flow.resume(partition);
    observer.claimed(partition);
    return claim.nextOffset;
  }

  private lost(partition: number, taken: Partition): void {
    const { time, lease, observer } = this.shared;
    // Not paused meanwhile: what comes is passed over.
    time.after(lease.leaseMs + lease.requestTimeoutMs, () => {
      if (this.stopping) return;
      this.claimOne(partition, taken).catch((error: unknown) => {
        observer.stopped(partition, error instanceof Error ? error.message : String(error));
      });
    });
  }
}
