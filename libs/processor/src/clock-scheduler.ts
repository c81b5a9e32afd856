/**
 * Appends a clock record to a partition when its next deadline falls due (product.md §2), and counts the deadlines.
 *
 * Invariants
 * 1. At most one appended record is unread, and at most ten are appended a second.
 * 2. Nothing fires here: a deadline fires when its clock record is read back, after everything appended before it.
 * 3. Each record has a number of its own, later than all that were read of the processor when it was appended. One that turns
 *    out not to be, since a restored database counts epochs anew, has no effect, and is followed by one that is.
 */
import { type ClockNumber, isLater, type OutRecord } from '@perennial/contracts';
import { type Instant, type TenantId } from '@perennial/values';
import { deferred } from './deferred';
import type { TenantClocks } from './handler';
import type { CrashPoints, DeadlineChange, PartitionSession, Publisher } from './ports';
import { ABANDONED, type RetryContext, retrying } from './retry';

/** Between two appended records, in ms (invariant 1). */
const SHORTEST_INTERVAL = 100;
/** In ms. Timers of Node hold at most 2^31-1 ms; a longer wait is made of several. */
const LONGEST_WAIT = 3_600_000;

/** What a micro-batch read and did that concerns the deadlines. */
export interface DeadlineEvents {
  /** Rows more than before. */
  readonly armed: number;
  /** A clock record or a command was read: which deadline is next can only be asked. */
  readonly deadlinesUnknown: boolean;
  /** Clock records of live tenants that were read, of whichever processor, new or repeated. */
  readonly clocksRead: readonly ClockNumber[];
}

/** Of one claim. It asks `session` for the next deadline, and appends by `publisher`. */
export class ClockScheduler {
  private readonly failure = deferred<unknown>();
  /** Resolves with the error that ends the appending; settles at most once. */
  readonly failed = this.failure.promise;
  private due: Instant | null = null;
  /** Number of the newest record appended; null: none yet. */
  private appended: ClockNumber | null = null;
  private unread = false;
  private notBefore: Instant = 0;
  private cancel: () => void = () => undefined;

  private readonly epoch: number;
  private armed: number;

  constructor(
    private readonly clocks: TenantClocks,
    private readonly publisher: Publisher<OutRecord>,
    private readonly session: Pick<PartitionSession<object, object>, 'earliest'>,
    private readonly crash: CrashPoints,
    private readonly context: RetryContext,
    { epoch, armed }: { readonly epoch: number; readonly armed: number },
  ) {
    this.epoch = epoch;
    this.armed = armed;
  }

  /** Asks the store which deadline is next. */
  async refresh(): Promise<void> {
    const queries = this.clocks.live();
    const earliest = await retrying('load', this.context, () => this.session.earliest(queries));
    if (earliest !== ABANDONED) this.expect(this.earliestWall(earliest));
  }

  /** After a commit. Asks the store after clock records and commands, else looks at what was armed. */
  async committed(deadlines: readonly DeadlineChange[], batch: DeadlineEvents): Promise<void> {
    const wasUnread = batch.clocksRead.some((number) => this.read(number));
    this.armed += batch.armed;
    const { observer, partition, abandoned } = this.context;
    if (abandoned()) return;
    observer.deadlinesArmed(partition, this.armed);
    if (batch.deadlinesUnknown || wasUnread) {
      await this.refresh();
      return;
    }
    const live = new Set(this.clocks.live().map(({ tenant }) => tenant));
    for (const { tenant, due } of deadlines) {
      const wall = due !== null && live.has(tenant) ? this.clocks.wallTime(tenant, due) : null;
      if (wall !== null && (this.due === null || wall < this.due)) this.expect(wall);
    }
  }

  stop(): void {
    this.cancel();
  }

  /** The partition's earliest deadline of live tenants, in wall time; null: none. */
  private expect(due: Instant | null): void {
    this.due = due;
    if (this.context.abandoned()) return;
    this.context.observer.nextDeadline(this.context.partition, due);
    this.schedule();
  }

  private earliestWall(earliest: ReadonlyMap<TenantId, Instant>): Instant | null {
    let next: Instant | null = null;
    for (const [tenant, due] of earliest) {
      const wall = this.clocks.wallTime(tenant, due);
      if (wall !== null && (next === null || wall < next)) next = wall;
    }
    return next;
  }

  /** A clock record was read. Returns true when it is the one that was unread, or a later one. */
  private read(number: ClockNumber): boolean {
    if (!this.unread || number.processor !== this.clocks.processor) return false;
    if (this.appended !== null && isLater(this.appended, number)) return false;
    this.unread = false;
    return true;
  }

  private schedule(): void {
    this.cancel();
    if (this.due === null || this.unread || this.context.abandoned()) return;
    const { time } = this.context;
    const wait = Math.max(this.due, this.notBefore) - time.now();
    this.cancel = time.after(Math.min(Math.max(0, wait), LONGEST_WAIT), () => {
      if (wait > LONGEST_WAIT) this.schedule();
      else this.append().catch(this.failure.resolve);
    });
  }

  private async append(): Promise<void> {
    const { partition, time, observer } = this.context;
    const at = time.now();
    const number = this.nextNumber();
    this.appended = number;
    this.unread = true;
    this.notBefore = at + SHORTEST_INTERVAL;
    await this.crash.reach('before-clock-append');
    const record = this.clocks.record(at, number);
    const done = await retrying('clock', this.context, () => this.publisher.publish([record]));
    if (done === ABANDONED) return;
    await this.crash.reach('after-clock-append');
    observer.clockAppended(partition);
  }

  private nextNumber(): ClockNumber {
    const { processor } = this.clocks;
    const { appended, epoch } = this;
    const read = this.clocks.newestRead();
    const last = appended !== null && (read === null || isLater(appended, read)) ? appended : read;
    if (last === null || last.epoch < epoch) return { processor, epoch, counter: 1 };
    return { processor, epoch: last.epoch, counter: last.counter + 1 };
  }
}
