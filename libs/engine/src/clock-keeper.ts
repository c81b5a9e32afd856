/**
 * Appends a clock record to a partition when its next deadline falls due (product.md §2).
 *
 * Invariants
 * 1. At most one appended record is unread, and at most ten are appended a second.
 * 2. Nothing fires here: a deadline fires when its clock record is read back, after everything appended before it.
 * 3. Each record has a number of its own, later than all that were read of the engine when it was appended. One that turns
 *    out not to be, since a restored database counts epochs anew, has no effect, and is followed by one that is.
 */
import { type Clock, type ClockNumber, clockRecord, isLater, TOPIC } from '@perennial/contracts';
import { type Instant } from '@perennial/values';
import type { ClockPositions } from './clock-positions';
import type { CrashPoints, Publisher } from './ports';
import { ABANDONED, type RetryContext, retrying } from './retrying';
import type { Signing } from './signing';

const PROCESSOR = 'lifecycle-engine';
const LIVE = { kind: 'live' } as const;
const SHORTEST_INTERVAL = 100;
/** Timers of Node hold at most 2^31-1 ms; a longer wait is taken in parts. */
const LONGEST_WAIT = 3_600_000;

export class ClockKeeper {
  private due: Instant | null = null;
  /** Of the newest record appended. */
  private appended: ClockNumber | null = null;
  private unread = false;
  private notBefore: Instant = 0;
  private cancel: () => void = () => undefined;

  constructor(
    private readonly publisher: Publisher,
    private readonly signing: Signing,
    private readonly crash: CrashPoints,
    private readonly context: RetryContext,
    private readonly epoch: number,
    private readonly positions: ClockPositions,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The partition's earliest deadline of live tenants, in wall time; null: none. */
  expect(due: Instant | null): void {
    this.due = due;
    if (this.context.abandoned()) return;
    this.context.observer.nextDeadline(this.context.partition, due);
    this.schedule();
  }

  /** A deadline was armed: it may be the earliest. */
  armed(due: Instant | null): void {
    if (due !== null && (this.due === null || due < this.due)) this.expect(due);
  }

  /** A clock record was read; true when it is the one that was unread, or a later one. */
  read(number: ClockNumber): boolean {
    if (!this.unread || number.processor !== PROCESSOR) return false;
    if (this.appended !== null && isLater(this.appended, number)) return false;
    this.unread = false;
    return true;
  }

  stop(): void {
    this.cancel();
  }

  private schedule(): void {
    this.cancel();
    if (this.due === null || this.unread || this.context.abandoned()) return;
    const { time } = this.context;
    const wait = Math.max(this.due, this.notBefore) - time.now();
    this.cancel = time.after(Math.min(Math.max(0, wait), LONGEST_WAIT), () => {
      if (wait > LONGEST_WAIT) this.schedule();
      else this.append().catch(this.onError);
    });
  }

  private async append(): Promise<void> {
    const { partition, time, observer } = this.context;
    const clock: Clock = { scope: LIVE, at: time.now() };
    const number = this.nextNumber();
    this.appended = number;
    this.unread = true;
    this.notBefore = clock.at + SHORTEST_INTERVAL;
    await this.crash.reach('before-clock-append');
    const record = this.signing.sign(clockRecord(TOPIC.activity, partition, clock), number);
    const done = await retrying('clock', this.context, () => this.publisher.publish([record]));
    if (done === ABANDONED) return;
    await this.crash.reach('after-clock-append');
    observer.clockAppended(partition);
  }

  private nextNumber(): ClockNumber {
    const { appended, epoch } = this;
    const read = this.positions.newest(LIVE, PROCESSOR);
    const last = appended !== null && (read === null || isLater(appended, read)) ? appended : read;
    if (last === null || last.epoch < epoch) return { processor: PROCESSOR, epoch, counter: 1 };
    return { processor: PROCESSOR, epoch: last.epoch, counter: last.counter + 1 };
  }
}
