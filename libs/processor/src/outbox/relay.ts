/**
 * relay: publishes what was committed, in order.
 *
 * Invariants
 * 1. Nothing is published before its commit succeeded.
 * 2. Blobs of a partition are published one after the other, oldest first, in requests bounded in records and bytes, for which
 *    one time-out is enough. After a failure only the request that was not acknowledged is sent again. A blob counts as published
 *    when every request of it was acknowledged.
 * 3. Before each request the lease is taken (lease.ts): who has lost the partition publishes nothing any more.
 * 4. A partition is given back only when no request of it can take effect any more: the next owner does not wait then.
 * 5. A blob is deleted only after it was published: with the next commit, or when the partition is idle. What a crash leaves
 *    is published again by the next owner, byte for byte: blobs, not requests, are what the store knows of.
 */
import { deferred } from '../deferred';
import type { Lease } from '../ownership/lease';
import type { CrashPoints, OutboxBlob, Publisher } from '../ports';
import { elapse, type RetryContext, retrying } from '../retry';
import type { OutboxReader, RequestSize } from './blob';

/** How blobs become produce requests. */
export interface RelayOptions<Entry> {
  readonly read: (blob: Uint8Array) => OutboxReader<Entry>;
  readonly request: RequestSize;
  /** A request that failed may still take effect until so long after it was sent, in ms. */
  readonly requestTimeoutMs: number;
}

/** Why nothing more is published: the partition belongs to somebody else, or an error that does not pass. */
export type RelayEnd = { readonly kind: 'lost' } | { readonly kind: 'failed'; readonly error: unknown };

/** Of one claim. A request that fails is retried until the claim is abandoned; `ended` says when nothing more is published. */
export class Relay<Entry> {
  private readonly end = deferred<RelayEnd>();
  /** Settles at most once. */
  readonly ended = this.end.promise;
  private readonly pending: { readonly blob: OutboxBlob; readonly since: number }[] = [];
  private running: Promise<void> | null = null;
  private publishing: Promise<unknown> = Promise.resolve();
  private published: number | null = null;
  private unsettledUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly publisher: Publisher<Entry>,
    private readonly lease: Lease,
    private readonly crash: CrashPoints,
    private readonly context: RetryContext,
    private readonly options: RelayOptions<Entry>,
  ) {}

  /**
   * The blob is committed. Resolves when all that was committed meanwhile is published, or nothing more is. Null: an earlier blob's
   * promise says so (a relay may be behind for hours, and each one that waits takes memory), or nothing is published any more.
   */
  publish(blob: OutboxBlob): Promise<void> | null {
    this.pending.push({ blob, since: this.context.time.now() });
    // If abandoned, drain() would finish synchronously before `running` is assigned and leave it set forever.
    if (this.running !== null || this.context.abandoned()) return null;
    this.running = this.drain();
    return this.running;
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
    while (this.isBeyond(blobs, bytes) && this.running !== null) await this.publishing;
  }

  /** Resolves when no request is in flight, nor one that failed can take effect any more (`requestTimeoutMs`). */
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

  private async drain(): Promise<void> {
    try {
      for (let next = this.pending[0]; next !== undefined && !this.context.abandoned(); next = this.pending[0]) {
        const publishing = this.publishBlob(next.blob);
        this.publishing = publishing;
        if (!(await publishing)) return;
      }
    } catch (error) {
      this.end.resolve({ kind: 'failed', error });
    } finally {
      this.running = null;
    }
  }

  /** False when nothing more can be published. */
  private async publishBlob({ firstOffset, bytes }: OutboxBlob): Promise<boolean> {
    const blob = this.options.read(bytes);
    const { request: size } = this.options;
    for (let entries = blob.take(size), next = entries; entries.length > 0; entries = next) {
      if (!(await this.publishEntries(entries))) return false;
      next = blob.take(size);
      if (next.length > 0) await this.crash.reach('mid-publish');
    }
    await this.crash.reach('after-publish');
    this.pending.shift();
    this.published = firstOffset;
    const { observer, partition, abandoned } = this.context;
    // Observers forgot a partition that was revoked; nothing late may bring it back.
    if (!abandoned()) observer.outbox(partition, this.backlog);
    return true;
  }

  /** False when the partition is not ours any more. The lease is taken again for each attempt. */
  private async publishEntries(entries: readonly Entry[]): Promise<boolean> {
    const done = await retrying('publish', this.context, async () => {
      if ((await this.lease.take()) === 'lost') return 'lost';
      await this.request(entries);
      return 'published';
    });
    if (done === 'lost') this.end.resolve({ kind: 'lost' });
    return done === 'published';
  }

  private async request(entries: readonly Entry[]): Promise<void> {
    const sentAt = this.context.time.monotonic();
    try {
      await this.publisher.publish(entries);
    } catch (error) {
      this.unsettledUntil = sentAt + this.options.requestTimeoutMs;
      throw error;
    }
  }
}
