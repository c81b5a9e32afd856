/**
 * The processor: partitions come and go, records come in; everything else is each partition's own matter (ownership/assignment.ts).
 *
 * A claim raises the partition's epoch in the store before its first record is taken, so older owners are fenced.
 */
import type { LogBatch, OutRecord } from '@perennial/contracts';
import type { CreateHandler, ReadOutbox, ServiceTypes } from './handler';
import { DEFAULT_LIMITS, type Limits } from './limits';
import type { ProcessorObserver } from './observer';
import { Assignment } from './ownership/assignment';
import type { LeaseTimes } from './ownership/lease';
import type { CrashPoints, FlowControl, PartitionStore, Publisher, Timekeeper } from './ports';
import type { Shared } from './shared';

export interface ProcessorOptions<S extends ServiceTypes> {
  /** Names this process in the store. */
  readonly owner: string;
  readonly createHandler: CreateHandler<S>;
  readonly readOutbox: ReadOutbox<S>;
  readonly store: PartitionStore<S['Held'], S['Change']>;
  readonly publisher: Publisher<S['Entry'] | OutRecord>;
  readonly flow: FlowControl;
  readonly time: Timekeeper;
  readonly observer: ProcessorObserver;
  /** From 0 to 1, for the jitter of retries. Default: always 1, which waits the longest. */
  readonly random?: () => number;
  /** Only tests give one. */
  readonly crash?: CrashPoints;
  readonly limits?: Partial<Limits>;
  /** Default: 3 s and 3 s. */
  readonly lease?: LeaseTimes;
}

const DEFAULT_LEASE: LeaseTimes = { leaseMs: 3_000, requestTimeoutMs: 3_000 };

export class Processor<S extends ServiceTypes> {
  private readonly shared: Shared<S>;
  private readonly assignments = new Map<number, Assignment<S>>();
  private stopping = false;

  constructor(options: ProcessorOptions<S>) {
    this.shared = {
      ...options,
      random: options.random ?? (() => 1),
      crash: options.crash ?? { reach: () => undefined },
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      lease: options.lease ?? DEFAULT_LEASE,
    };
  }

  /** Takes partitions over. Returns the offset at which each starts; those that are not wanted any more by then are left out. */
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

  /** Ends in order, within `timeoutMs`; after that what is under way is left to the next owner. */
  async stop(timeoutMs = 10_000): Promise<void> {
    this.stopping = true;
    const all = [...this.assignments.values()];
    const cancel = this.shared.time.after(timeoutMs, () => {
      for (const assignment of all) assignment.abandon();
    });
    await Promise.all(all.map((assignment) => assignment.finish()));
    cancel();
  }

  private assignment(partition: number): Assignment<S> {
    const known = this.assignments.get(partition);
    if (known !== undefined) return known;
    const assignment = new Assignment(this.shared, partition);
    this.assignments.set(partition, assignment);
    return assignment;
  }
}
