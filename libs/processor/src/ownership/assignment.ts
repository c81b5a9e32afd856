/**
 * One partition of the service's topic, as this process has it: claimed, worked on, handed over, again and again.
 *
 * Invariants
 * 1. At most one session of the partition is open in this process: claims and hand-overs run one after the other, in the order
 *    in which they were asked for. A partition that was revoked is *leaving* until its hand-over has ended, and a new claim
 *    waits for that.
 * 2. A claim that is not wanted any more when its session is there (revoked, asked for anew, process stopping) gives it back.
 * 3. An owner that is fenced though the group still gives it the partition claims it again: a former owner's late claim, or an
 *    operator, may have come in between. It waits first, as long as a former owner may go on, so that two owners who both
 *    believe to be right do not take turns.
 * 4. Nothing is fetched of a partition that has failed. It is stopped until the group assigns it anew.
 */
import { type LogBatch } from '@perennial/contracts';
import { errorText, RetryableError } from '@perennial/values';
import type { ServiceTypes } from '../handler';
import { PartitionWorker } from '../partition-worker';
import type { PartitionSession } from '../ports';
import { ABANDONED, retrying } from '../retry';
import type { Shared } from '../options';

type State<S extends ServiceTypes> =
  /** Nothing of it is here. */
  | { readonly kind: 'away' }
  | { readonly kind: 'claiming' }
  | { readonly kind: 'owned'; readonly worker: PartitionWorker<S> }
  | { readonly kind: 'leaving'; readonly worker: PartitionWorker<S> };

const AWAY = { kind: 'away' } as const;

/** Calls come from the processor, as the consumer group assigns and revokes; none of them rejects for an error that may pass. */
export class Assignment<S extends ServiceTypes> {
  private state: State<S> = AWAY;
  /** Number of the newest request (claim, revoke, fail, finish). A claim of an older one is not wanted any more (invariant 2). */
  private wish = 0;
  /** Ends with everything that was asked for so far; never rejects (invariant 1). */
  private turn: Promise<unknown> = Promise.resolve();
  /** Observers were told that it is claimed or stopped, so they have to hear of its release. */
  private told = false;

  constructor(
    private readonly shared: Shared<S>,
    private readonly partition: number,
  ) {}

  /** The offset at which the partition starts; null when it was taken away again meanwhile. */
  claim(): Promise<number | null> {
    const wish = ++this.wish;
    this.leave();
    return this.inTurn(() => this.take(wish));
  }

  revoke(): void {
    this.wish += 1;
    this.leave();
    this.forget();
  }

  /** The partition cannot go on, for a reason of its log or of its own (invariant 4). */
  fail(reason: string): void {
    this.wish += 1;
    this.leave();
    this.shared.flow.halt(this.partition);
    this.stand(reason);
  }

  offer(batch: LogBatch): void {
    if (this.state.kind === 'owned') this.state.worker.offer(batch);
  }

  /** Commits and publishes what was taken in, then releases the partition; waits for a claim or hand-over in flight. */
  async finish(): Promise<void> {
    this.wish += 1;
    this.leave((worker) => worker.finish());
    await this.turn;
    this.forget();
  }

  /** Ends at once; what is in flight is left to the next owner. */
  abandon(): void {
    if (this.state.kind === 'owned' || this.state.kind === 'leaving') this.state.worker.abandon();
  }

  /** The worker is told at once; whatever is asked for next waits until it has ended (invariant 1). */
  private leave(handOver = (worker: PartitionWorker<S>): Promise<void> => worker.handOver()): void {
    if (this.state.kind !== 'owned') return;
    const { worker } = this.state;
    this.state = { kind: 'leaving', worker };
    const handedOver = handOver(worker).finally(() => {
      this.state = AWAY;
    });
    this.inTurn(() => handedOver).catch((error: unknown) => {
      this.stand(errorText(error));
    });
  }

  private async take(wish: number, from?: 'fenced'): Promise<number | null> {
    const { flow, observer, time, random, store, owner } = this.shared;
    const abandoned = (): boolean => this.wish !== wish;
    if (abandoned()) return null;
    this.state = { kind: 'claiming' };
    let sentAt = 0;
    const session = await retrying('claim', { partition: this.partition, observer, time, random, abandoned }, () => {
      sentAt = time.monotonic();
      return store.claim(this.partition, owner);
    }).finally(() => {
      this.state = AWAY;
    });
    if (session === ABANDONED) return null;
    if (abandoned()) {
      await giveBack(session);
      return null;
    }
    const { nextOffset } = session.claim;
    this.own(session, sentAt);
    // At once, so that nothing comes in between which was fetched for the former session, or stays paused by its queue.
    if (from === 'fenced') flow.seek(this.partition, nextOffset);
    flow.resume(this.partition);
    this.told = true;
    observer.claimed(this.partition);
    return nextOffset;
  }

  private own(session: PartitionSession<S['Held'], S['Change']>, sentAt: number): void {
    const worker = new PartitionWorker(this.shared, this.partition, session, sentAt);
    this.state = { kind: 'owned', worker };
    void worker.ended.then((end) => {
      if (!this.has(worker)) return;
      if (end.kind === 'lost') this.claimAgain();
      else this.fail(end.reason);
    });
  }

  private has(worker: PartitionWorker<S>): boolean {
    return this.state.kind === 'owned' && this.state.worker === worker;
  }

  /** Fenced though still assigned (invariant 3). */
  private claimAgain(): void {
    const { time, lease, flow } = this.shared;
    const wish = ++this.wish;
    flow.pause(this.partition);
    this.leave();
    time.after(lease.leaseMs + lease.requestTimeoutMs, () => {
      this.inTurn(() => this.take(wish, 'fenced')).catch((error: unknown) => {
        if (this.wish === wish) this.fail(errorText(error));
      });
    });
  }

  private stand(reason: string): void {
    this.told = true;
    this.shared.observer.stopped(this.partition, reason);
  }

  private forget(): void {
    if (!this.told) return;
    this.told = false;
    this.shared.observer.released(this.partition);
  }

  /** After all that was asked for before, however it ended (invariant 1). */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }
}

/** Releases a session that was never used. Where the store is away the claim stays unreleased, and the next owner waits its lease out. */
async function giveBack(session: PartitionSession<object, never>): Promise<void> {
  try {
    await session.release(null, session.claim.released ? 'may-publish' : 'must-wait');
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
  }
}
