/**
 * Per-partition state of one consumer (assignment, claim, pause, position), the same for every log.
 * Invariants:
 * 1. A batch is delivered only under the newest claim of its partition, unpaused, and only when it was fetched at the
 *    position which the claim, the previous batch or a seek left; any other batch is dropped.
 * 2. Claims of a partition never overlap (a store raises its epoch per claim: two at once could fence the newer one);
 *    the answer to a claim that a newer assignment overtook is dropped. A claim that takes long holds up no other partition.
 * 3. One batch of a partition is outstanding at a time.
 * 4. Partitions are revoked, all at once, before anything new is claimed.
 * 5. A stopped partition stays still until it is assigned again; then it is claimed anew.
 * 6. A partition that an assignment keeps is neither revoked nor claimed: its claim, its position and its pause hold on. Whether
 *    somebody else had it in between is for the group to know, which then revokes it first, and for the store's fence.
 */
import type { LogBatch } from '@perennial/contracts';
import { errorText } from '@perennial/values';
import type { ConsumerHandlers } from './port';

/** A partition that may be fetched; the identity of the object stands for the claim under which this was allowed. */
export interface AssignedPartition {
  readonly partition: number;
  /** Offset of the next fetch. */
  readonly next: number;
}

/** Whether a batch would be accepted; `later` while its partition is paused or busy. */
export type Want = 'now' | 'later' | 'never';

interface PartitionState {
  readonly partition: number;
  next: number;
  phase: 'claiming' | 'fetching' | 'stopped';
  paused: boolean;
  busy: boolean;
}

export class SubscriptionState {
  private partitions: ReadonlyMap<number, PartitionState> = new Map();
  /** The last claim of each partition (invariant 2). */
  private readonly claims = new Map<number, Promise<void>>();

  constructor(
    private readonly handlers: ConsumerHandlers,
    /** Notified when a partition may have become ready, or was stopped. */
    private readonly changed: Pick<AsyncCondition, 'notify'>,
  ) {}

  /** Adopts a new assignment: revokes partitions that are gone, claims those that are new or were stopped. */
  assign(partitions: readonly number[]): void {
    const before = this.partitions;
    const lost = [...before.keys()].filter((partition) => !partitions.includes(partition));
    const after = new Map(
      partitions.map((partition) => [partition, kept(before.get(partition)) ?? claiming(partition)]),
    );
    this.partitions = after;
    if (lost.length > 0) this.handlers.revoke(lost);
    for (const state of after.values()) if (before.get(state.partition) !== state) this.claimAfterLast(state);
  }

  /** Whether `deliver` would accept a batch of the partition that begins at this offset. */
  wants(assigned: AssignedPartition, at: number): Want {
    const state = this.current(assigned);
    if (state?.phase !== 'fetching' || state.next !== at) return 'never';
    return isReady(state) ? 'now' : 'later';
  }

  /** Partitions whose next batch would be accepted now. */
  ready(): readonly AssignedPartition[] {
    return [...this.partitions.values()].filter(isReady);
  }

  /**
   * Hands over a batch that was fetched for `assigned`; the position moves to its end. A batch without records is handed over too,
   * so that the owner's progress moves with the position (docs/adr/0022); one that moves nothing is not.
   */
  deliver(assigned: AssignedPartition, batch: LogBatch): void {
    const state = this.current(assigned);
    if (state === undefined || !isReady(state) || state.next !== batch.fromOffset) return;
    if (batch.nextOffset === batch.fromOffset) return;
    state.next = batch.nextOffset;
    void this.handOver(state, batch);
  }

  /** The adapter cannot read on: the owner is told why. */
  stop(assigned: AssignedPartition, reason: string): void {
    const state = this.current(assigned);
    if (state === undefined || state.phase === 'stopped') return;
    state.phase = 'stopped';
    this.handlers.stopped(assigned.partition, reason);
    this.changed.notify();
  }

  /** The owner cannot go on, and knows why: it is not told. */
  halt(partition: number): void {
    const state = this.partitions.get(partition);
    if (state !== undefined) state.phase = 'stopped';
  }

  pause(partition: number): void {
    const state = this.partitions.get(partition);
    if (state !== undefined) state.paused = true;
  }

  resume(partition: number): void {
    const state = this.partitions.get(partition);
    if (state === undefined) return;
    state.paused = false;
    this.changed.notify();
  }

  seek(partition: number, offset: number): void {
    const state = this.partitions.get(partition);
    if (state?.phase !== 'fetching') return;
    state.next = offset;
    this.changed.notify();
  }

  private current(assigned: AssignedPartition): PartitionState | undefined {
    const state = this.partitions.get(assigned.partition);
    return state === assigned ? state : undefined;
  }

  private claimAfterLast(state: PartitionState): void {
    const last = this.claims.get(state.partition) ?? Promise.resolve();
    this.claims.set(
      state.partition,
      last.then(() => this.claim(state)),
    );
  }

  private async claim(state: PartitionState): Promise<void> {
    if (this.current(state) === undefined) return;
    try {
      // Of no effect on the state of a partition that a newer assignment has replaced.
      this.begin(state, await this.handlers.claim(state.partition));
    } catch (error) {
      this.stop(state, `its claim failed: ${errorText(error)}`);
    }
    this.changed.notify();
  }

  private begin(state: PartitionState, start: number | null): void {
    // Halted meanwhile: the next assignment claims it anew.
    if (state.phase === 'stopped') return;
    state.phase = start === null ? 'stopped' : 'fetching';
    state.next = start ?? 0;
  }

  private async handOver(state: PartitionState, batch: LogBatch): Promise<void> {
    state.busy = true;
    try {
      await this.handlers.batch(batch);
    } catch (error) {
      this.stop(
        state,
        `the handler of its batch at offset ${batch.records.at(0)?.offset ?? batch.fromOffset} failed: ${errorText(error)}`,
      );
    }
    state.busy = false;
    if (this.current(state) !== undefined) this.changed.notify();
  }
}

function kept(state: PartitionState | undefined): PartitionState | undefined {
  return state?.phase === 'stopped' ? undefined : state;
}

function claiming(partition: number): PartitionState {
  return { partition, next: 0, phase: 'claiming', paused: false, busy: false };
}

function isReady(state: PartitionState): boolean {
  return state.phase === 'fetching' && !state.paused && !state.busy;
}

/**
 * A condition variable: loops wait for a state to change. Check the state and call `wait` without an `await` between them, and no
 * change is missed.
 */
export class AsyncCondition {
  private waiting: (() => void)[] = [];

  notify(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }

  wait(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
