/**
 * One session's way through its partition: queue → decide → commit → relay.
 *
 * Invariants
 * 1. One loop per partition: inputs are decided one after the other, in log order.
 * 2. A micro-batch is one commit: progress (compare-and-set on epoch and offset), states, deadlines, outbox, tenants, totals.
 *    Nothing of it is published before, and the next one is not committed before it.
 * 3. A clock record is decided on committed deadlines: what came before it in the log is committed first.
 * 4. When fenced, or on an error that does not pass, the partition stops at once; cache and queue are thrown away.
 */
import { type LogBatch } from '@perennial/contracts';
import { RetryableError } from '@perennial/values';
import { ClockKeeper } from './clock-keeper';
import { Customers } from './customers';
import { DeadlineWatch } from './deadline-watch';
import { Inputs } from './inputs';
import { Lease } from './lease';
import { MicroBatch } from './micro-batch';
import { OutboxWriter } from './outbox/encode-outbox';
import type { Commit, PartitionSession } from './ports';
import { RecordQueue } from './record-queue';
import { Relay } from './relay';
import { report } from './report';
import { ABANDONED, type RetryContext, retrying } from './retrying';
import type { Shared } from './shared';
import { StateCache } from './state-cache';
import { StateRowsWriter } from './state-rows';
import { Tenants } from './tenants';
import { UsedNumbers } from './used-numbers';

export interface PartitionEvents {
  /** Called once: another owner has the partition. */
  readonly lost: () => void;
  /** Called once: the partition is ours, and cannot go on without an operator. */
  readonly failed: (reason: string) => void;
}

export class Partition {
  /** Resolves when the loop has ended, for whatever reason. Never rejects. */
  readonly done: Promise<void>;
  private readonly queue: RecordQueue;
  private readonly tenants: Tenants;
  private readonly numbers: UsedNumbers;
  private readonly cache: StateCache;
  private readonly customers: Customers;
  private readonly inputs: Inputs;
  private readonly deadlines: DeadlineWatch;
  private readonly lease: Lease;
  private readonly relay: Relay;
  private readonly clocks: ClockKeeper;
  private readonly context: RetryContext;
  private readonly states = new StateRowsWriter();
  private readonly outbox = new OutboxWriter();
  private expectedOffset: number;
  private highWatermark: number;
  /** A micro-batch is on its way to its commit. */
  private working = false;
  private cancelFlush: () => void = () => undefined;
  private failing = false;
  private ended = false;

  constructor(
    private readonly shared: Shared,
    private readonly partition: number,
    private readonly session: PartitionSession,
    /** When the claim was sent, on the monotonic clock. */
    claimSentAt: number,
    private readonly on: PartitionEvents,
  ) {
    const { limits, flow, publisher, signing, crash, observer, time } = shared;
    const { claim } = session;
    const fail = (error: unknown): void => {
      void this.fail(error);
    };
    this.context = { partition, observer, time, abandoned: () => this.ended };
    const highWater = { records: limits.queueRecords, bytes: limits.queueBytes };
    this.queue = new RecordQueue(partition, claim.nextOffset, highWater, flow);
    this.tenants = new Tenants(shared.plans, claim.tenants);
    this.numbers = new UsedNumbers(claim.numbers);
    const { tenants } = this;
    this.cache = new StateCache(limits.cachedBytes);
    this.customers = new Customers(this.cache, (key, bytes) => tenants.unpack(key, bytes));
    this.lease = new Lease(() => session.renew(), shared.lease, this.context, {
      ...claim,
      sentAt: claimSentAt,
    });
    const lost = (): void => {
      this.lose();
    };
    this.relay = new Relay(publisher, this.lease, crash, this.context, {
      piece: { records: limits.publishRecords, bytes: limits.publishBytes },
      requestTimeoutMs: shared.lease.requestTimeoutMs,
      caughtUp: () => {
        this.scheduleFlush();
      },
      lost,
      error: fail,
    });
    this.clocks = new ClockKeeper(publisher, signing, crash, this.context, claim.epoch, this.numbers.clocks, fail);
    this.deadlines = new DeadlineWatch(session, this.context, tenants, this.clocks, claim.armed);
    this.inputs = new Inputs(shared, session, this.context, this.tenants, this.numbers, this.customers, {
      clockRead: (number) => this.clocks.read(number),
      deadlinesChange: () => {
        this.deadlines.forget();
      },
      commit: (batch) => this.commit(batch),
      begin: (firstOffset) => this.microBatch(firstOffset),
    });
    this.expectedOffset = claim.nextOffset;
    this.highWatermark = claim.nextOffset;
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

  /** Ends at once: the partition belongs to somebody else, or cannot go on. What is under way is fenced or a repeat. */
  abandon(): void {
    this.ended = true;
    this.cancelFlush();
    this.queue.close();
    this.clocks.stop();
  }

  /** Ends at once, and gives the partition back as soon as nothing of it is under way. A store that is away keeps it: then the next owner waits. */
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
    await this.release();
    this.abandon();
  }

  private async run(): Promise<void> {
    const { outbox } = this.session.claim;
    if (outbox.length > 0) this.shared.observer.republished(this.partition, outbox.length);
    this.relay.takeOver(outbox);
    await this.deadlines.expect();
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
    let batch: MicroBatch | null = this.microBatch(this.expectedOffset);
    const { batchRecords, handfulRecords } = this.shared.limits;
    let left = Math.min(this.queue.length, batchRecords);
    do {
      const { records, nextOffset } = this.queue.take(Math.min(handfulRecords, left));
      left -= handfulRecords;
      if (records.length > 0) batch = await this.inputs.take(batch, records);
      batch?.passTo(nextOffset);
    } while (left > 0 && batch !== null && !this.ended);
    return batch !== null && batch.moves && this.commit(batch);
  }

  /** What came before is committed. */
  private readonly microBatch = (firstOffset: number): MicroBatch => {
    this.cache.trim();
    return new MicroBatch(firstOffset, this.customers, this.states, this.outbox, this.shared.limits.batchBytes);
  };

  private async commit(batch: MicroBatch): Promise<boolean> {
    const { crash, observer, time, limits } = this.shared;
    const started = time.now();
    const commit = batch.toCommit(this.progress(), {
      tenants: this.tenants.takeChanged(),
      numbers: this.numbers.takeChanged(),
    });
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
    if (commit.outbox !== null) this.relay.publish(commit.outbox);
    await this.relay.atMost({ blobs: limits.unpublishedBatches, bytes: limits.unpublishedBytes });
    await this.deadlines.committed(commit, batch.tally);
    if (!this.ended) this.scheduleFlush();
    report(observer, this.partition, batch, {
      seconds: (time.now() - started) / 1000,
      backlog: this.relay.backlog,
      owned: !this.ended,
      behind: this.highWatermark - this.expectedOffset,
      behindSeconds: batch.isEmpty ? 0 : (time.now() - batch.newestAppend) / 1000,
    });
    return !this.ended;
  }

  /** When nothing else comes, nothing is left to do: others see that all is published, and read what it made of customers. */
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
    if (this.ended) return;
    this.shared.observer.fenced(this.partition);
    this.abandon();
    this.on.lost();
  }

  private async release(): Promise<void> {
    const { publishedThrough } = this.relay;
    await retrying('release', this.context, () => this.session.release(publishedThrough, this.lease.nextOwner));
  }

  private progress(): Pick<Commit, 'expectedOffset' | 'publishedThrough'> {
    return { expectedOffset: this.expectedOffset, publishedThrough: this.relay.publishedThrough };
  }

  /**
   * Cannot go on. Reads are not fenced, so an owner that has lost the partition may have mixed what it remembers with what
   * the next one wrote: only if the partition is still its own does an operator have to hear of it.
   */
  private async fail(error: unknown): Promise<void> {
    if (this.failing || this.ended) return;
    this.failing = true;
    this.queue.close();
    this.clocks.stop();
    const asked = retrying('lease', this.context, () => this.session.renew());
    const answer = await asked.catch(() => 'held' as const);
    if (answer === 'lost') this.lose();
    if (answer !== 'held') return;
    this.abandon();
    this.on.failed(error instanceof Error ? error.message : String(error));
  }
}

function passOver(error: unknown): void {
  if (!(error instanceof RetryableError)) throw error;
}
