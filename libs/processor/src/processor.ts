/**
 * Routes claims, revocations and batches to the partitions (ownership/assignment.ts), which share nothing.
 *
 * A claim raises the partition's epoch in the store before its first record is taken, so older owners are fenced.
 */
import type { LogBatch } from '@perennial/contracts';
import type { ServiceTypes } from './handler';
import { complete, type ProcessorOptions, type Shared } from './options';
import { Assignment } from './ownership/assignment';

/** All partitions of one process. Called by the consumer of the service's topic. */
export class Processor<S extends ServiceTypes> {
  private readonly shared: Shared<S>;
  private readonly assignments = new Map<number, Assignment<S>>();
  private stopping = false;

  constructor(options: ProcessorOptions<S>) {
    this.shared = complete(options);
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

  /** Records of one partition; those of partitions that are not claimed are dropped. */
  receive(batch: LogBatch): void {
    this.assignments.get(batch.partition)?.offer(batch);
  }

  /** Ends in order, within `timeoutMs`; after that what is in flight is left to the next owner. */
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
