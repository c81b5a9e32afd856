/**
 * The loop of one claimed partition: queue → handle → commit → relay.
 *
 * Invariants
 * 1. One loop per partition: inputs are handled one after the other, in log order.
 * 2. A micro-batch is one commit: progress (compare-and-set on epoch and offset), states, deadlines, outbox, and what the service
 *    keeps beside them. Nothing of it is published before, and the next one is not committed before it.
 * 3. A clock record is handled on committed deadlines (input-processor.ts): what came before it in the log is committed first.
 * 4. When fenced, or on an error that does not pass, the partition stops at once; cache and queue are thrown away.
 */
import { type LogBatch } from '@perennial/contracts';
import { errorText, RetryableError } from '@perennial/values';
import { ClockScheduler } from './clock-scheduler';
import { deferred } from './deferred';
import type { Batch, Handler, ServiceTypes } from './handler';
import { InputProcessor } from './input-processor';
import { MicroBatch, type Writers } from './micro-batch';
import { Relay } from './outbox/relay';
import { Lease } from './ownership/lease';
import type { OutboxBlob, PartitionSession } from './ports';
import { RecordQueue } from './record-queue';
import { ABANDONED, type RetryContext, retrying } from './retry';
import type { Shared } from './options';
import { StateCache } from './state-cache';
import { StateRowsWriter } from './state-rows';
import { WorkingSet } from './working-set';

/** `lost`: another owner has the partition. `failed`: it is ours, and cannot go on without an operator. */
export type WorkerEnd = { readonly kind: 'lost' } | { readonly kind: 'failed'; readonly reason: string };

/** One claim at work, from its session to its end; never used again afterwards. */
export class PartitionWorker<S extends ServiceTypes> {
  private readonly end = deferred<WorkerEnd>();
  /** Settles when the worker ends before it is asked to. */
  readonly ended = this.end.promise;
  /** Resolves when the loop has ended, for whatever reason. Never rejects. */
  private readonly done: Promise<void>;
  private readonly handler: Handler<S>;
  private readonly queue: RecordQueue;
  private readonly cache: StateCache;
  private readonly customers: WorkingSet<S['State']>;
  private readonly writers: Writers<S['State'], S['Outbox']>;
  private readonly inputs: InputProcessor<S>;
  private readonly lease: Lease;
  private readonly relay: Relay<S['Entry']>;
  private readonly clocks: ClockScheduler;
  private readonly context: RetryContext;
  private expectedOffset: number;
  private highWatermark: number;
  /** A micro-batch is being handled or committed. */
  private working = false;
  private cancelFlush: () => void = () => undefined;
  private failing = false;
  private abandoned = false;

  constructor(
    private readonly shared: Shared<S>,
    private readonly partition: number,
    private readonly session: PartitionSession<S['Held'], S['Change']>,
    /** When the claim was sent, on the monotonic clock. */
    claimSentAt: number,
  ) {
    const { limits, flow, publisher, crash, observer, time, random } = shared;
    const { claim } = session;
    const context: RetryContext = { partition, observer, time, random, abandoned: () => this.abandoned };
    const handler = shared.createHandler(partition, claim);
    this.context = context;
    this.handler = handler;
    this.queue = new RecordQueue(
      partition,
      claim.nextOffset,
      { records: limits.queueRecords, bytes: limits.queueBytes },
      flow,
    );
    this.cache = new StateCache(limits.cachedBytes);
    this.customers = new WorkingSet(this.cache, handler);
    this.writers = { states: new StateRowsWriter(handler), outbox: handler.outbox };
    this.inputs = new InputProcessor({ handler, customers: this.customers, session, context });
    const { released } = claim;
    this.lease = new Lease(() => session.renew(), shared.lease, context, { released, sentAt: claimSentAt });
    this.relay = new Relay(publisher, this.lease, crash, context, {
      read: shared.readOutbox,
      request: { records: limits.publishRecords, bytes: limits.publishBytes },
      requestTimeoutMs: shared.lease.requestTimeoutMs,
    });
    this.clocks = new ClockScheduler(handler.clocks, publisher, session, crash, context, claim);
    this.expectedOffset = claim.nextOffset;
    this.highWatermark = claim.nextOffset;
    void this.relay.ended.then((end) => {
      if (end.kind === 'lost') this.lose();
      else void this.fail(end.error);
    });
    void this.clocks.failed.then((error) => this.fail(error));
    this.done = this.run().catch((error: unknown) => this.fail(error));
  }

  offer(batch: LogBatch): void {
    this.highWatermark = Math.max(this.highWatermark, batch.highWatermark);
    try {
      this.queue.offer(batch);
    } catch (error) {
      void this.fail(error);
    }
  }

  /** Ends at once: the partition belongs to somebody else, or cannot go on. What is in flight is fenced, or a repeat. */
  abandon(): void {
    this.abandoned = true;
    this.cancelFlush();
    this.queue.close();
    this.clocks.stop();
  }

  /**
   * Ends at once, and releases the partition once nothing of it is in flight. Where the store is away it stays unreleased, and
   * the next owner waits the lease out.
   */
  async handOver(): Promise<void> {
    this.abandon();
    await this.done;
    await this.relay.idle();
    await this.session.release(this.relay.publishedThrough, this.lease.nextOwner).catch(passOver);
  }

  /** Ends in order: what was taken is committed and published, and the partition is given back. */
  async finish(): Promise<void> {
    this.queue.close();
    this.clocks.stop();
    await this.done;
    await this.relay.idle();
    const { publishedThrough } = this.relay;
    await retrying('release', this.context, () => this.session.release(publishedThrough, this.lease.nextOwner));
    this.abandon();
  }

  private async run(): Promise<void> {
    const { outbox } = this.session.claim;
    if (outbox.length > 0) this.shared.observer.republished(this.partition, outbox.length);
    for (const blob of outbox) this.publish(blob);
    await this.clocks.refresh();
    this.scheduleFlush();
    for (;;) {
      this.working = false;
      if (!(await this.queue.ready())) return;
      this.working = true;
      if (!(await this.process())) return;
    }
  }

  /** What waits now, as one micro-batch; false when the partition is not ours any more, or nothing more is taken. */
  private async process(): Promise<boolean> {
    let batch = this.begin();
    const { batchRecords, chunkRecords } = this.shared.limits;
    let left = Math.min(this.queue.length, batchRecords);
    do {
      const { records, nextOffset } = this.queue.take(Math.min(chunkRecords, left));
      left -= chunkRecords;
      this.inputs.begin(records);
      for (let progress = await this.inputs.advance(batch); progress !== 'done'; ) {
        if (progress === 'abandoned' || !(await this.commit(batch))) return false;
        batch = this.begin();
        progress = await this.inputs.advance(batch);
      }
      batch.advanceTo(nextOffset);
    } while (left > 0 && !this.abandoned);
    return batch.advances && this.commit(batch);
  }

  /** A new micro-batch; the one before is committed. */
  private begin(): Batch<S> {
    this.cache.trim();
    return new MicroBatch(
      this.expectedOffset,
      this.customers,
      this.writers,
      this.handler.count(),
      this.shared.limits.batchBytes,
    );
  }

  private async commit(batch: Batch<S>): Promise<boolean> {
    const { crash, time, limits } = this.shared;
    const { expectedOffset } = this;
    const started = time.now();
    const commit = {
      ...batch.toCommit({ expectedOffset, publishedThrough: this.relay.publishedThrough }),
      ...this.handler.takeChange(batch.counters),
    };
    await crash.reach('before-commit');
    let sentAt = 0;
    const result = await retrying('commit', this.context, () => {
      sentAt = time.monotonic();
      return this.session.commit(commit);
    });
    if (result === ABANDONED) return false;
    if (result === 'fenced') {
      this.lose();
      return false;
    }
    this.lease.proven(sentAt);
    await crash.reach('after-commit');
    this.expectedOffset = commit.nextOffset;
    if (commit.outbox !== null) this.publish(commit.outbox);
    await this.relay.atMost({ blobs: limits.unpublishedBatches, bytes: limits.unpublishedBytes });
    await this.clocks.committed(commit.deadlines, batch);
    if (!this.abandoned) this.scheduleFlush();
    this.report(batch, started);
    return !this.abandoned;
  }

  private publish(blob: OutboxBlob): void {
    void this.relay.publish(blob)?.then(() => {
      if (!this.abandoned) this.scheduleFlush();
    });
  }

  /** A micro-batch counts all the same when the partition was revoked meanwhile, but how the partition stands is for the next owner to say. */
  private report(batch: Batch<S>, started: number): void {
    const { observer, time } = this.shared;
    observer.batch(this.partition, { records: batch.inputs, seconds: (time.now() - started) / 1000 });
    this.handler.committed(batch.counters);
    if (this.abandoned) return;
    const seconds = batch.isEmpty ? 0 : (time.now() - batch.newestAppend) / 1000;
    observer.lag(this.partition, { records: this.highWatermark - this.expectedOffset, seconds });
    observer.outbox(this.partition, this.relay.backlog);
  }

  /** Flushes the session once the partition is idle: others then see that all is published, and read its customers' states. */
  private scheduleFlush(): void {
    const { time, limits } = this.shared;
    this.cancelFlush();
    this.cancelFlush = time.after(limits.flushAfterMs, () => {
      const { publishedThrough, backlog } = this.relay;
      // Not idle, however long this micro-batch takes: its commit, or the relay, starts the wait anew.
      if (this.working || backlog.pending > 0) return;
      retrying('flush', this.context, () => this.session.flush(publishedThrough)).catch((error: unknown) =>
        this.fail(error),
      );
    });
  }

  /** The partition belongs to somebody else. */
  private lose(): void {
    if (this.abandoned) return;
    this.shared.observer.fenced(this.partition);
    this.abandon();
    this.end.resolve({ kind: 'lost' });
  }

  /**
   * Cannot go on. Reads are not fenced, so an owner that has lost the partition may have mixed what it remembers with what
   * the next one wrote: only if the partition is still its own does an operator have to hear of it.
   */
  private async fail(error: unknown): Promise<void> {
    if (this.failing || this.abandoned) return;
    this.failing = true;
    this.queue.close();
    this.clocks.stop();
    const asked = retrying('lease', this.context, () => this.session.renew());
    const answer = await asked.catch(() => 'held' as const);
    if (answer === 'lost') this.lose();
    if (answer !== 'held') return;
    this.abandon();
    this.end.resolve({ kind: 'failed', reason: errorText(error) });
  }
}

function passOver(error: unknown): void {
  if (!(error instanceof RetryableError)) throw error;
}
