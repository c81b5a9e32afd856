import { type OutRecord, RetryableError } from '@perennial/contracts';
import { silentObserver } from '@perennial/testing';
import { Lease } from './lease';
import type { OutboxBlob } from './ports';
import { OutboxWriter } from './outbox/encode-outbox';
import { Relay } from './relay';

function blob(firstOffset: number, records: number): OutboxBlob {
  const writer = new OutboxWriter();
  for (let n = 0; n < records; n++) writer.record({ topic: 't', key: null, value: null, headers: {} });
  return { firstOffset, bytes: writer.finish() ?? new Uint8Array(0) };
}

/** Time passes only when it is waited for. */
function aRelay(failures = 0): { relay: Relay; end: () => void; published: OutRecord[]; at: () => number } {
  const published: OutRecord[] = [];
  let ended = false;
  let at = 0;
  const after = (ms: number, call: () => void): (() => void) => {
    at += ms;
    queueMicrotask(call);
    return () => undefined;
  };
  const time = { now: () => at, monotonic: () => at, after };
  const context = { partition: 0, observer: silentObserver(), time, abandoned: () => ended };
  const times = { leaseMs: 1_000, requestTimeoutMs: 200 };
  const lease = new Lease(() => Promise.resolve('held'), times, context, { sentAt: 0, released: true });
  const publisher = {
    publish: (records: readonly OutRecord[]) => {
      if (failures-- > 0) return Promise.reject(new RetryableError('STREAM.AWAY', 'no answer'));
      published.push(...records);
      return Promise.resolve();
    },
  };
  const on = {
    size: 1,
    requestTimeoutMs: times.requestTimeoutMs,
    caughtUp: () => undefined,
    lost: () => undefined,
    error: (error: unknown) => {
      throw error;
    },
  };
  const end = (): void => {
    ended = true;
  };
  return { relay: new Relay(publisher, lease, { reach: () => undefined }, context, on), end, published, at: () => at };
}

describe('a relay', () => {
  it('publishes blob after blob and tells how far it is', async () => {
    const { relay, published } = aRelay();
    relay.publish(blob(3, 2));
    relay.publish(blob(5, 1));
    await relay.atMost(0);
    expect([published.length, relay.publishedThrough]).toEqual([3, 5]);
  });
  it('whose partition is gone publishes nothing that comes late, and lets nobody wait for it (invariant 3)', async () => {
    const { relay, end, published } = aRelay();
    end();
    relay.publish(blob(3, 1));
    await relay.atMost(0);
    await relay.idle();
    expect([published.length, relay.publishedThrough]).toEqual([0, null]);
  });
  it('is idle only when a request that failed can take effect no more (invariant 4)', async () => {
    const { relay, published, at } = aRelay(1);
    relay.publish(blob(3, 1));
    await relay.idle();
    expect([published.length, at()]).toEqual([1, 200]);
  });
});
