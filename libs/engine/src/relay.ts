/**
 * relay: publishes what was committed, in order.
 *
 * Invariants
 * 1. Nothing is published before its commit succeeded.
 * 2. Blobs of a partition are published one after the other, oldest first, in pieces bounded in records and bytes: a piece is
 *    one request, for which one time-out is enough. After a failure only the piece that was not acknowledged is sent again. A
 *    blob counts as published when every piece of it was acknowledged.
 * 3. Before each piece the lease is taken (lease.ts): who has lost the partition publishes nothing any more.
 * 4. A partition is given back only when no request of it can take effect any more: the next owner does not wait then.
 * 5. A blob is deleted only after it was published: with the next commit, or when the partition rests. What a crash leaves
 *    is published again by the next owner, byte for byte: blobs, not pieces, are what the store knows of.
 */
import type { Emission } from '@perennial/contracts';
import type { CrashPoints, OutboxBlob, Publisher } from './ports';
import { elapse, type Lease } from './lease';
import { OutboxReader, type PieceSize } from './outbox/decode-outbox';
import { type RetryContext, retrying } from './retrying';

export interface Pending {
  readonly blob: OutboxBlob;
  readonly since: number;
}

export interface RelayEvents {
  /** The most that one request holds. */
  readonly piece: PieceSize;
  /** A request that failed may still take effect until so long after it was sent. */
  readonly requestTimeoutMs: number;
  /** All is published. */
  readonly caughtUp: () => void;
  /** The partition belongs to somebody else. */
  readonly lost: () => void;
  readonly error: (error: unknown) => void;
}

export class Relay {
  private readonly pending: Pending[] = [];
  private running: Promise<void> | null = null;
  private published: number | null = null;
  private unsettledUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly publisher: Publisher,
    private readonly lease: Lease,
    private readonly crash: CrashPoints,
    private readonly context: RetryContext,
    private readonly on: RelayEvents,
  ) {}

  /** What a former owner left. */
  takeOver(blobs: readonly OutboxBlob[]): void {
    for (const blob of blobs) this.publish(blob);
  }

  publish(blob: OutboxBlob): void {
    this.pending.push({ blob, since: this.context.time.now() });
    // A drain that has nothing to do would end before it is remembered, and be taken for one that still runs.
    if (!this.context.abandoned()) this.running ??= this.drain();
  }

  /** Blobs up to this `firstOffset` can be deleted; null: none. */
  get publishedThrough(): number | null {
    return this.published;
  }

  get backlog(): { readonly pending: number; readonly seconds: number } {
    const [oldest] = this.pending;
    const seconds = oldest === undefined ? 0 : (this.context.time.now() - oldest.since) / 1000;
    return { pending: this.pending.length, seconds };
  }

  /** Resolves when at most so many blobs wait, and at most so many bytes or a single blob. */
  async atMost({ blobs, bytes }: { readonly blobs: number; readonly bytes: number }): Promise<void> {
    while (this.isBeyond(blobs, bytes) && this.running !== null) await this.step;
  }

  /** Resolves when nothing is under way any more, not even a request that was taken for failed. */
  async idle(): Promise<void> {
    await this.running;
    const { time } = this.context;
    const left = this.unsettledUntil - time.monotonic();
    if (left > 0) await elapse(time, left);
  }

  private isBeyond(blobs: number, bytes: number): boolean {
    const { pending } = this;
    return (
      pending.length > blobs ||
      (pending.length > 1 && pending.reduce((sum, { blob }) => sum + blob.bytes.length, 0) > bytes)
    );
  }

  private step: Promise<unknown> = Promise.resolve();

  private async drain(): Promise<void> {
    try {
      for (let next = this.pending[0]; next !== undefined && !this.context.abandoned(); next = this.pending[0]) {
        this.step = this.publishBlob(next.blob);
        await this.step;
      }
      if (this.pending.length === 0) this.on.caughtUp();
    } catch (error) {
      this.on.error(error);
    } finally {
      this.running = null;
    }
  }

  private async publishBlob({ firstOffset, bytes }: OutboxBlob): Promise<void> {
    const blob = new OutboxReader(bytes);
    const { piece: size } = this.on;
    for (let piece = blob.take(size), next = piece; piece.length > 0; piece = next) {
      if (!(await this.publishPiece(piece))) return;
      next = blob.take(size);
      if (next.length > 0) await this.crash.reach('mid-publish');
    }
    await this.crash.reach('after-publish');
    this.pending.shift();
    this.published = firstOffset;
    const { observer, partition, abandoned } = this.context;
    // Observers forgot a partition that was revoked; nothing late may bring it back.
    if (!abandoned()) observer.outbox(partition, this.backlog);
  }

  /** False when the partition is not ours any more. The lease is taken again for each attempt. */
  private async publishPiece(emissions: readonly Emission[]): Promise<boolean> {
    const done = await retrying('publish', this.context, async () => {
      if ((await this.lease.take()) === 'lost') return 'lost';
      await this.request(emissions);
      return 'published';
    });
    if (done === 'lost') this.on.lost();
    return done === 'published';
  }

  private async request(emissions: readonly Emission[]): Promise<void> {
    const sentAt = this.context.time.monotonic();
    try {
      await this.publisher.publish(emissions);
    } catch (error) {
      this.unsettledUntil = sentAt + this.on.requestTimeoutMs;
      throw error;
    }
  }
}
