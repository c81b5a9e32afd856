import { RetryableError } from '@perennial/values';
import { silentObserver } from '@perennial/testing';
import { Lease } from './lease';

const TIMES = { leaseMs: 300, requestTimeoutMs: 200 };

/** Time that passes only when it is waited for. */
class Clock {
  at = 1_000;
  now = (): number => this.at;
  monotonic = (): number => this.at;
  after = (ms: number, call: () => void): (() => void) => {
    this.at += ms;
    queueMicrotask(call);
    return () => undefined;
  };
}

function aLease(
  renew: () => Promise<'held' | 'lost'>,
  released = true,
): { lease: Lease; clock: Clock; renewals: () => number } {
  const clock = new Clock();
  let renewals = 0;
  const counted = (): Promise<'held' | 'lost'> => {
    renewals += 1;
    return renew();
  };
  const context = { partition: 0, observer: silentObserver(), time: clock, random: () => 1, abandoned: () => false };
  return { lease: new Lease(counted, TIMES, context, { sentAt: clock.at, released }), clock, renewals: () => renewals };
}
const held = (): Promise<'held' | 'lost'> => Promise.resolve('held');

describe('a lease', () => {
  it('is taken without asking while the last proof lasts (invariant 1)', async () => {
    const { lease, clock, renewals } = aLease(held);
    clock.at += 299;
    expect(await lease.take()).toBe('held');
    expect(renewals()).toBe(0);
    clock.at += 1;
    expect(await lease.take()).toBe('held');
    expect(renewals()).toBe(1);
  });
  it('counts from when the proof was sent, so a slow answer may come too late (invariant 1)', async () => {
    const slow = aLease(() => {
      slow.clock.at += slow.renewals() === 1 ? 301 : 1;
      return held();
    });
    slow.clock.at += 300;
    expect(await slow.lease.take()).toBe('held');
    expect(slow.renewals()).toBe(2);
  });
  it('is lost with the partition', async () => {
    const { lease, clock } = aLease(() => Promise.resolve('lost'));
    clock.at += 300;
    expect(await lease.take()).toBe('lost');
  });
  it('waits while the store is away', async () => {
    let tries = 0;
    const away = (): Promise<'held' | 'lost'> =>
      tries++ < 3 ? Promise.reject(new RetryableError('STORE.UNREACHABLE', 'away')) : held();
    const { lease, clock } = aLease(away);
    clock.at += 300;
    expect(await lease.take()).toBe('held');
  });
  it('of a new owner starts when the former one can publish no more (invariant 2)', async () => {
    const { lease, clock } = aLease(held, false);
    const claimedAt = clock.at;
    expect(await lease.take()).toBe('held');
    expect(clock.at).toBeGreaterThanOrEqual(claimedAt + TIMES.leaseMs + TIMES.requestTimeoutMs);
  });
  it('of a new owner starts at once when the former one gave the partition back', async () => {
    const { lease, clock } = aLease(held, true);
    const claimedAt = clock.at;
    await lease.take();
    expect(clock.at).toBe(claimedAt);
  });
  it('of an owner that goes before it has waited lets the next one wait (invariant 3)', () => {
    const { lease, clock } = aLease(held, false);
    clock.at += TIMES.leaseMs + TIMES.requestTimeoutMs - 1;
    expect(lease.nextOwner).toBe('must-wait');
    clock.at += 1;
    expect(lease.nextOwner).toBe('may-publish');
    expect(aLease(held, true).lease.nextOwner).toBe('may-publish');
  });
});
