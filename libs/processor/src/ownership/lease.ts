/**
 * Publish lease: a time-bounded right of the partition's owner to produce.
 *
 * Invariants
 * 1. Nothing is produced unless ownership was proven in the store at most `leaseMs` before, counted from when the proof was
 *    *sent*, on this machine's monotonic clock.
 * 2. A new owner produces only `leaseMs + requestTimeoutMs` after its claim, unless the former owner gave the partition back:
 *    by then the former's last proof has run out, and its last request has been answered or has failed.
 * 3. An owner that goes before that time has come has not waited in place of its successor, and does not say so.
 */
import type { NextOwner } from '../ports';
import { ABANDONED, elapse, type RetryContext, retrying } from '../retry';

/** The two times that keep two owners from publishing at once. */
export interface LeaseTimes {
  /** How long a proof of ownership lets its owner publish, in ms. */
  readonly leaseMs: number;
  /** After this long a produce request has been answered or has failed, in ms. */
  readonly requestTimeoutMs: number;
}

/** The lease of one claim; the relay takes it before each request. */
export class Lease {
  private until: number;
  private readonly notBefore: number;

  constructor(
    private readonly renew: () => Promise<'held' | 'lost'>,
    private readonly times: LeaseTimes,
    private readonly context: RetryContext,
    claim: { readonly sentAt: number; readonly released: boolean },
  ) {
    this.until = claim.sentAt + times.leaseMs;
    this.notBefore = claim.released ? claim.sentAt : context.time.monotonic() + times.leaseMs + times.requestTimeoutMs;
  }

  /** What the next owner may do once no request of this one is in flight (invariant 3). */
  get nextOwner(): NextOwner {
    return this.context.time.monotonic() >= this.notBefore ? 'may-publish' : 'must-wait';
  }

  /** A statement that only the owner can make, sent at this instant of the monotonic clock, succeeded. */
  proven(sentAt: number): void {
    this.until = Math.max(this.until, sentAt + this.times.leaseMs);
  }

  /** Waits until this owner may publish; `lost` when it is the owner no more. */
  async take(): Promise<'held' | 'lost'> {
    const { time, abandoned } = this.context;
    if (time.monotonic() < this.notBefore) await elapse(time, this.notBefore - time.monotonic());
    while (time.monotonic() >= this.until) {
      if (abandoned()) return 'lost';
      const sentAt = time.monotonic();
      const answer = await retrying('lease', this.context, this.renew);
      if (answer === ABANDONED || answer === 'lost') return 'lost';
      this.proven(sentAt);
    }
    return abandoned() ? 'lost' : 'held';
  }
}
