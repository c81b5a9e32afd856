/**
 * Appends a clock record to a partition when its next deadline falls due (product.md §2).
 *
 * Invariants
 * 1. At most one appended record is unread, and at most ten are appended a second.
 * 2. Nothing fires here: a deadline fires when its clock record is read back, after everything appended before it.
 */
import { type Clock, clockRecord, type Instant, TOPIC } from '@perennial/contracts';
import type { CrashPoints, Publisher } from './ports';
import { ABANDONED, type RetryContext, retrying } from './retrying';
import type { Signing } from './signing';

const SHORTEST_INTERVAL = 100;
/** Timers of Node hold at most 2^31-1 ms; a longer wait is taken in parts. */
const LONGEST_WAIT = 3_600_000;

export class ClockKeeper {
  private due: Instant | null = null;
  private unread = false;
  private notBefore: Instant = 0;
  private cancel: () => void = () => undefined;

  constructor(
    private readonly publisher: Publisher,
    private readonly signing: Signing,
    private readonly crash: CrashPoints,
    private readonly context: RetryContext,
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

  /** A clock record was read. */
  read(): void {
    this.unread = false;
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
    const clock: Clock = { scope: { kind: 'live' }, at: time.now() };
    this.unread = true;
    this.notBefore = clock.at + SHORTEST_INTERVAL;
    await this.crash.reach('before-clock-append');
    const record = this.signing.sign(clockRecord(TOPIC.activity, partition, clock));
    const done = await retrying('clock', this.context, () => this.publisher.publish([record]));
    if (done === ABANDONED) return;
    await this.crash.reach('after-clock-append');
    observer.clockAppended(partition);
  }
}
