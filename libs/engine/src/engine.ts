/**
 * The engine: partitions come and go, records come in; everything else is each partition's own matter (assignment.ts).
 *
 * A claim raises the partition's epoch in the store before its first record is taken, so older owners are fenced.
 */
import type { LogBatch } from '@perennial/contracts';
import { Assignment } from './assignment';
import type { LeaseTimes } from './lease';
import type { EngineObserver } from './observer';
import { Plans } from './plans';
import type { CrashPoints, EngineStore, FlowControl, Publisher, Timekeeper } from './ports';
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
  private readonly assignments = new Map<number, Assignment>();
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

  /** Takes partitions over; answers where each starts. Those that are not wanted any more by then are left out. */
  async claim(partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    if (this.stopping) return new Map();
    const starts = await Promise.all(
      partitions.map(async (partition) => [partition, await this.assignment(partition).claim()] as const),
    );
    return new Map(starts.flatMap(([partition, start]) => (start === null ? [] : [[partition, start] as const])));
  }

  /** Partitions were taken away. */
  revoke(partitions: readonly number[]): void {
    for (const partition of partitions) this.assignments.get(partition)?.revoke();
  }

  /** The log of a partition cannot go on. */
  fail(partition: number, reason: string): void {
    this.assignment(partition).fail(reason);
  }

  /** Records of one partition; those of partitions that are not ours are passed over. */
  receive(batch: LogBatch): void {
    this.assignments.get(batch.partition)?.offer(batch);
  }

  /** Ends in order, within `patience` ms; after that what is under way is left to the next owner. */
  async stop(patience = 10_000): Promise<void> {
    this.stopping = true;
    const all = [...this.assignments.values()];
    const cancel = this.shared.time.after(patience, () => {
      for (const assignment of all) assignment.abandon();
    });
    await Promise.all(all.map((assignment) => assignment.finish()));
    cancel();
  }

  private assignment(partition: number): Assignment {
    const known = this.assignments.get(partition);
    if (known !== undefined) return known;
    const assignment = new Assignment(this.shared, this.options.owner, partition);
    this.assignments.set(partition, assignment);
    return assignment;
  }
}
