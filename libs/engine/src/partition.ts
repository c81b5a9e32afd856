/**
 * One partition's way: queue → decide → commit → relay.
 *
 * Invariants
 * 1. One loop per partition: inputs are decided one after the other, in log order.
 * 2. A micro-batch is one commit: progress (compare-and-set on epoch and offset), states, deadlines, outbox, tenants, totals.
 *    Nothing of it is published before, and the next one is not committed before it.
 * 3. A clock record is decided on committed deadlines: what came before it in the log is committed first.
 * 4. When fenced, or on an error that does not pass, the partition stops at once; cache and queue are thrown away.
 */
import { type Clock, type CustomerKey, type LogBatch, type LogRecord, RetryableError } from '@perennial/contracts';
import { dueQueries, earliestWall, liveQueries } from './clock-firing';
import { ClockKeeper } from './clock-keeper';
import { Customers } from './customers';
import { Decider } from './decider';
import { Lease } from './lease';
import { MicroBatch } from './micro-batch';
import { OutboxWriter } from './outbox/encode-outbox';
import type { Claim, Commit } from './ports';
import { type Received, receive } from './receive';
import { RecordQueue } from './record-queue';
import { Relay } from './relay';
import { report } from './report';
import { ABANDONED, type RetryContext, retrying } from './retrying';
import type { Shared } from './shared';
import { StateCache } from './state-cache';
import { Tenants } from './tenants';

/** Records decided before what they changed is packed: few enough for their objects to die young. */
const HANDFUL = 1_000;

export class Partition {
  /** Resolves when the loop has ended, for whatever reason. Never rejects. */
  readonly done: Promise<void>;
  private readonly queue: RecordQueue;
  private readonly tenants: Tenants;
  private readonly customers: Customers;
  private readonly decider: Decider;
  private readonly lease: Lease;
  private readonly relay: Relay;
  private readonly clocks: ClockKeeper;
  private readonly context: RetryContext;
  private readonly outbox = new OutboxWriter();
  private expectedOffset: number;
  private highWatermark: number;
  private armed: number;
  /** A clock record or command was read: which deadline is next can only be asked. */
  private deadlineUnknown = false;
  private cancelRest: () => void = () => undefined;
  private failing = false;
  private ended = false;

  constructor(
    private readonly shared: Shared,
    private readonly partition: number,
    private readonly claim: Claim,
    /** When the claim was sent, on the monotonic clock. */
    claimSentAt: number,
    /** Called once, when another owner turns out to have the partition. */
    private readonly onLost: () => void,
  ) {
    const { limits, flow, publisher, signing, crash, observer, time, store } = shared;
    const fail = (error: unknown): void => {
      void this.fail(error);
    };
    this.context = { partition, observer, time, abandoned: () => this.ended };
    this.queue = new RecordQueue(partition, claim.nextOffset, limits.queueRecords, flow);
    this.tenants = new Tenants(shared.plans, claim.tenants);
    const { tenants } = this;
    this.customers = new Customers(new StateCache(limits.cachedBytes), (key, bytes) => tenants.unpack(key, bytes));
    this.decider = new Decider(partition, shared.partitions, this.tenants, this.customers);
    this.lease = new Lease(() => store.renew(partition, claim.epoch), shared.lease, this.context, {
      ...claim,
      sentAt: claimSentAt,
    });
    const lost = (): void => {
      this.lose();
    };
    this.relay = new Relay(publisher, this.lease, crash, this.context, {
      size: limits.publishRecords,
      requestTimeoutMs: shared.lease.requestTimeoutMs,
      caughtUp: () => {
        this.restSoon();
      },
      lost,
      error: fail,
    });
    this.clocks = new ClockKeeper(publisher, signing, crash, this.context, fail);
    this.expectedOffset = claim.nextOffset;
    this.highWatermark = claim.nextOffset;
    this.armed = claim.armed;
    this.done = this.run().catch((error: unknown) => this.fail(error));
  }

  offer({ records, highWatermark }: LogBatch): void {
    this.highWatermark = Math.max(this.highWatermark, highWatermark);
    this.queue.offer(records);
  }

  /** Ends at once: the partition belongs to somebody else, or cannot go on. What is under way is fenced or a repeat. */
  abandon(): void {
    this.ended = true;
    this.cancelRest();
    this.queue.close();
    this.clocks.stop();
  }

  /** Ends at once, and gives the partition back as soon as nothing of it is under way. A store that is away keeps it: then the next owner waits. */
  async handOver(): Promise<void> {
    this.abandon();
    await this.done;
    await this.relay.idle();
    const { store } = this.shared;
    await store.release(this.partition, this.claim.epoch, this.relay.publishedThrough).catch(passOver);
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
    const { outbox } = this.claim;
    if (outbox.length > 0) this.shared.observer.republished(this.partition, outbox.length);
    this.relay.takeOver(outbox);
    await this.expectNextDeadline();
    this.restSoon();
    for (;;) {
      const records = await this.queue.take(this.shared.limits.batchRecords);
      if (records.length === 0 || !(await this.process(records))) return;
    }
  }

  /** False when the partition is not ours any more. */
  private async process(records: readonly LogRecord[]): Promise<boolean> {
    let batch: MicroBatch | null = this.microBatch(this.expectedOffset);
    for (let start = 0; start < records.length && batch !== null; start += HANDFUL) {
      batch = await this.take(batch, records.slice(start, start + HANDFUL));
    }
    return batch !== null && this.commit(batch);
  }

  /** A handful of a micro-batch: when it is decided, only bytes of it are left. Null when the partition is not ours any more. */
  private async take(begun: MicroBatch, records: readonly LogRecord[]): Promise<MicroBatch | null> {
    const received = records.map((record) => receive(record, this.partition, this.shared.signing));
    if (!(await this.load(keysOf(received)))) return null;
    let batch = begun;
    for (const [index, record] of records.entries()) {
      const input = received[index];
      if (input === undefined) continue;
      if (input.kind === 'clock' && !batch.isEmpty) {
        if (!(await this.commit(batch))) return null;
        batch = this.microBatch(record.offset);
      }
      if (!(await this.decide(batch, record, input))) return null;
      batch.pass(record);
    }
    batch.pack();
    this.customers.putAway();
    return batch;
  }

  private readonly microBatch = (firstOffset: number): MicroBatch =>
    new MicroBatch(firstOffset, this.customers, this.outbox);

  private async decide(batch: MicroBatch, record: LogRecord, input: Received): Promise<boolean> {
    switch (input.kind) {
      case 'activity':
        this.decider.activity(batch, record, input);
        return true;
      case 'poison':
        this.decider.poison(batch, record, input);
        return true;
      case 'command': {
        const poison = this.tenants.obey(input.command);
        if (poison !== null) this.decider.poison(batch, record, poison);
        this.deadlineUnknown = true;
        return true;
      }
      case 'clock':
        return this.fire(batch, record, input.clock);
    }
  }

  /** Fires what a clock record lets fall due; false when the partition is not ours any more. */
  private async fire(batch: MicroBatch, record: LogRecord, clock: Clock): Promise<boolean> {
    this.deadlineUnknown = true;
    if (clock.scope.kind === 'live') this.clocks.read();
    const queries = dueQueries(clock, record, this.tenants);
    if ('kind' in queries) {
      this.decider.poison(batch, record, queries);
      return true;
    }
    for (const { tenant, through } of queries) this.tenants.clock(this.tenants.get(tenant), through);
    const { store, limits, observer } = this.shared;
    const due = await retrying('load', this.context, () =>
      store.due(this.partition, queries, limits.deadlinesPerClock),
    );
    if (due === ABANDONED || !(await this.load(due.map(({ key }) => key)))) return false;
    const cause = this.decider.cause(record);
    for (const { key, due: at } of due) {
      const query = queries.find(({ tenant }) => key.startsWith(`${tenant}:`));
      if (query === undefined) continue;
      this.decider.clock(batch, cause, key as CustomerKey, query.through);
      if (clock.scope.kind === 'live') observer.deadlineLateness((query.through - at) / 1000, 1);
    }
    return true;
  }

  private async load(keys: readonly string[]): Promise<boolean> {
    const missing = this.customers.bring(keys);
    if (missing.length === 0) return true;
    const rows = await retrying('load', this.context, () => this.shared.store.load(this.partition, missing));
    if (rows === ABANDONED) return false;
    this.customers.loaded(missing, rows);
    return true;
  }

  private async commit(batch: MicroBatch): Promise<boolean> {
    const { store, crash, observer, time, limits } = this.shared;
    const started = time.now();
    const commit = batch.toCommit(this.owned(), this.tenants.takeChanged());
    await crash.reach('before-commit');
    let sentAt = 0;
    const result = await retrying('commit', this.context, () => {
      sentAt = time.monotonic();
      return store.commit(commit);
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
    await this.relay.atMost(limits.unpublishedBatches);
    await this.keepClock(commit);
    if (!this.ended) this.restSoon();
    for (const tally of batch.tally) this.armed += tally.armed;
    observer.deadlinesArmed(this.partition, this.armed);
    report(observer, this.partition, batch, {
      seconds: (time.now() - started) / 1000,
      backlog: this.relay.backlog,
      behind: this.highWatermark - this.expectedOffset,
      behindSeconds: (time.now() - batch.newestAppend) / 1000,
    });
    return !this.ended;
  }

  /** When nothing else comes, nothing is left to do: others see that all is published, and read what it made of customers. */
  private restSoon(): void {
    const { time, limits, store } = this.shared;
    this.cancelRest();
    this.cancelRest = time.after(limits.restMs, () => {
      const { publishedThrough, backlog } = this.relay;
      if (backlog.pending > 0) return;
      retrying('rest', this.context, () => store.rest(this.partition, publishedThrough)).catch((error: unknown) =>
        this.fail(error),
      );
    });
  }

  /** The partition belongs to somebody else. */
  private lose(): void {
    if (this.ended) return;
    this.shared.observer.fenced(this.partition);
    this.abandon();
    this.onLost();
  }

  private async release(): Promise<void> {
    const { publishedThrough } = this.relay;
    await retrying('release', this.context, () =>
      this.shared.store.release(this.partition, this.claim.epoch, publishedThrough),
    );
  }

  private owned(): Pick<Commit, 'partition' | 'epoch' | 'expectedOffset' | 'publishedThrough'> {
    return {
      partition: this.partition,
      epoch: this.claim.epoch,
      expectedOffset: this.expectedOffset,
      publishedThrough: this.relay.publishedThrough,
    };
  }

  /** Tells the clock keeper of the next deadline: asked from the store after clocks and commands, else from what was armed. */
  private async keepClock({ deadlines }: Commit): Promise<void> {
    if (this.deadlineUnknown) {
      this.deadlineUnknown = false;
      await this.expectNextDeadline();
      return;
    }
    const live = new Set(liveQueries(this.tenants).map(({ tenant }) => tenant));
    for (const { tenant, due } of deadlines) {
      if (due !== null && live.has(tenant)) this.clocks.armed(earliestWall(this.tenants, new Map([[tenant, due]])));
    }
  }

  private async expectNextDeadline(): Promise<void> {
    const queries = liveQueries(this.tenants);
    const earliest = await retrying('load', this.context, () => this.shared.store.earliest(this.partition, queries));
    if (earliest !== ABANDONED) this.clocks.expect(earliestWall(this.tenants, earliest));
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
    const { store, observer } = this.shared;
    const asked = retrying('lease', this.context, () => store.renew(this.partition, this.claim.epoch));
    const answer = await asked.catch(() => 'held' as const);
    if (answer === 'lost') this.lose();
    if (answer !== 'held') return;
    this.abandon();
    observer.stopped(this.partition, error instanceof Error ? error.message : String(error));
  }
}

function passOver(error: unknown): void {
  if (!(error instanceof RetryableError)) throw error;
}

function keysOf(inputs: readonly Received[]): string[] {
  const keys: string[] = [];
  for (const input of inputs) if (input.kind === 'activity') keys.push(input.key);
  return keys;
}
