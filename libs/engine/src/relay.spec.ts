import { type OutRecord } from '@perennial/contracts';
import { RetryableError } from '@perennial/values';
import { silentObserver } from '@perennial/testing';
import { Lease } from './lease';
import type { OutboxBlob } from './ports';
import { OutboxWriter } from './outbox/encode-outbox';
import { Relay } from './relay';

const NONE = { blobs: 0, bytes: 0 };

function blob(firstOffset: number, records: number, valueBytes = 0): OutboxBlob {
  const writer = new OutboxWriter();
  for (let n = 0; n < records; n++) {
    writer.record({ topic: 't', key: String(n), value: new Uint8Array(valueBytes), headers: [] });
  }
  return { firstOffset, bytes: writer.finish() ?? new Uint8Array(0) };
}

/** Time passes only when it is waited for. */
function aRelay(
  fails: (call: number) => boolean = () => false,
  piece = { records: 1, bytes: 1_000 },
): { relay: Relay; end: () => void; published: OutRecord[]; calls: string[]; at: () => number } {
  const published: OutRecord[] = [];
  const calls: string[] = [];
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
      calls.push(records.map(({ key }) => String(key)).join(','));
      if (fails(calls.length)) return Promise.reject(new RetryableError('STREAM.AWAY', 'no answer'));
      published.push(...records);
      return Promise.resolve();
    },
  };
  const on = {
    piece,
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
  const relay = new Relay(publisher, lease, { reach: () => undefined }, context, on);
  return { relay, end, published, calls, at: () => at };
}

describe('a relay', () => {
  it('publishes blob after blob and tells how far it is', async () => {
    const { relay, published } = aRelay();
    relay.publish(blob(3, 2));
    relay.publish(blob(5, 1));
    await relay.atMost(NONE);
    expect([published.length, relay.publishedThrough]).toEqual([3, 5]);
  });
  it('publishes pieces bounded in bytes, and after a failure sends again what was not acknowledged (invariant 2)', async () => {
    const { relay, calls, published } = aRelay((call) => call === 2 || call === 3, { records: 500, bytes: 1_000 });
    relay.publish(blob(3, 5, 400));
    await relay.atMost(NONE);
    expect(calls).toEqual(['0,1', '2,3', '2,3', '2,3', '4']);
    expect(published.length).toBe(5);
  });
  it('lets blobs wait up to so many bytes', async () => {
    const { relay } = aRelay();
    for (const firstOffset of [1, 2, 3]) relay.publish(blob(firstOffset, 1, 400));
    await relay.atMost({ blobs: 10, bytes: 100 });
    expect(relay.backlog.pending).toBeLessThanOrEqual(1);
  });
  it('whose partition is gone publishes nothing that comes late, and lets nobody wait for it (invariant 3)', async () => {
    const { relay, end, published } = aRelay();
    end();
    relay.publish(blob(3, 1));
    await relay.atMost(NONE);
    await relay.idle();
    expect([published.length, relay.publishedThrough]).toEqual([0, null]);
  });
  it('is idle only when a request that failed can take effect no more (invariant 4)', async () => {
    const { relay, published, at } = aRelay((call) => call === 1);
    relay.publish(blob(3, 1));
    await relay.idle();
    expect([published.length, at()]).toEqual([1, 200]);
  });
});
