/**
 * What one consumer may receive of each of its partitions, whatever the log: assignment, claims, pauses, positions.
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
import { errorText } from './error-text';
import type { ConsumerHandlers } from './port';

/** A partition that may be fetched; the object itself names the claim under which this was allowed. */
export interface Flow {
  readonly partition: number;
  /** Offset at which to go on. */
  readonly next: number;
}

export type Want = 'now' | 'later' | 'never';

interface FlowState {
  readonly partition: number;
  next: number;
  phase: 'claiming' | 'flowing' | 'stopped';
  paused: boolean;
  busy: boolean;
}

export class PartitionFlows {
  private flows: ReadonlyMap<number, FlowState> = new Map();
  /** The last claim of each partition. */
  private readonly turns = new Map<number, Promise<void>>();

  constructor(
    private readonly handlers: ConsumerHandlers,
    /** Called when a partition became ready. */
    private readonly wake: () => void,
  ) {}

  /** Takes a new assignment over: revokes what is gone, claims what is new, and what stood still. */
  assign(partitions: readonly number[]): void {
    const before = this.flows;
    const lost = [...before.keys()].filter((partition) => !partitions.includes(partition));
    const flows = new Map(
      partitions.map((partition) => [partition, kept(before.get(partition)) ?? claiming(partition)]),
    );
    this.flows = flows;
    if (lost.length > 0) this.handlers.revoke(lost);
    for (const flow of flows.values()) if (before.get(flow.partition) !== flow) this.claimInTurn(flow);
  }

  /** Whether a batch of the flow that begins at this offset would be taken: `later` while it is paused or busy. */
  wants(flow: Flow, at: number): Want {
    const state = this.current(flow);
    if (state?.phase !== 'flowing' || state.next !== at) return 'never';
    return isReady(state) ? 'now' : 'later';
  }

  /** Partitions of which the next batch is wanted. */
  ready(): readonly Flow[] {
    return [...this.flows.values()].filter(isReady);
  }

  /**
   * Hands over a batch that was fetched for `flow`; the position moves to its end. A batch without records is handed over too,
   * so that the owner's progress moves with the position (docs/adr/0022); one that moves nothing is not.
   */
  deliver(flow: Flow, batch: LogBatch): void {
    const state = this.current(flow);
    if (state === undefined || !isReady(state) || state.next !== batch.fromOffset) return;
    if (batch.nextOffset === batch.fromOffset) return;
    state.next = batch.nextOffset;
    void this.handOver(state, batch);
  }

  /** The partition cannot go on. */
  stop(flow: Flow, reason: string): void {
    const state = this.current(flow);
    if (state === undefined || state.phase === 'stopped') return;
    state.phase = 'stopped';
    this.handlers.stopped(flow.partition, reason);
    this.wake();
  }

  /** The owner of the partition cannot go on, and knows why. */
  halt(partition: number): void {
    const state = this.flows.get(partition);
    if (state !== undefined) state.phase = 'stopped';
  }

  pause(partition: number): void {
    const state = this.flows.get(partition);
    if (state !== undefined) state.paused = true;
  }

  resume(partition: number): void {
    const state = this.flows.get(partition);
    if (state === undefined) return;
    state.paused = false;
    this.wake();
  }

  seek(partition: number, offset: number): void {
    const state = this.flows.get(partition);
    if (state?.phase !== 'flowing') return;
    state.next = offset;
    this.wake();
  }

  private current(flow: Flow): FlowState | undefined {
    const state = this.flows.get(flow.partition);
    return state === flow ? state : undefined;
  }

  private claimInTurn(flow: FlowState): void {
    const before = this.turns.get(flow.partition) ?? Promise.resolve();
    this.turns.set(
      flow.partition,
      before.then(() => this.claim(flow)),
    );
  }

  private async claim(flow: FlowState): Promise<void> {
    if (this.current(flow) === undefined) return;
    try {
      // Of no effect on a flow that a newer assignment has replaced.
      this.begin(flow, await this.handlers.claim(flow.partition));
    } catch (error) {
      this.stop(flow, `its claim failed: ${errorText(error)}`);
    }
    this.wake();
  }

  private begin(flow: FlowState, start: number | null): void {
    // Halted meanwhile: the next assignment claims it anew.
    if (flow.phase === 'stopped') return;
    flow.phase = start === null ? 'stopped' : 'flowing';
    flow.next = start ?? 0;
  }

  private async handOver(state: FlowState, batch: LogBatch): Promise<void> {
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
    if (this.current(state) !== undefined) this.wake();
  }
}

function kept(state: FlowState | undefined): FlowState | undefined {
  return state?.phase === 'stopped' ? undefined : state;
}

function claiming(partition: number): FlowState {
  return { partition, next: 0, phase: 'claiming', paused: false, busy: false };
}

function isReady(state: FlowState): boolean {
  return state.phase === 'flowing' && !state.paused && !state.busy;
}
