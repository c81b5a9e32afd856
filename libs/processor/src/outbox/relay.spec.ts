import { type OutRecord } from '@perennial/contracts';
import { RetryableError } from '@perennial/values';
import { silentObserver } from '@perennial/testing';
import { Lease } from '../ownership/lease';
import type { OutboxBlob } from '../ports';
import type { OutboxReader } from './blob';
import { Relay } from './relay';

const NONE = { blobs: 0, bytes: 0 };

/** A blob is the number of its records, the bytes of each, and so many bytes: this spec needs no service's format. */
function blob(firstOffset: number, records: number, valueBytes = 0): OutboxBlob {
  const bytes = new Uint8Array(3 + records * valueBytes);
  bytes.set([records, valueBytes >> 8, valueBytes & 0xff]);
  return { firstOffset, bytes };
}

function read([records = 0, high = 0, low = 0]: Uint8Array): OutboxReader<OutRecord> {
  const valueBytes = (high << 8) + low;
  let next = 0;
  return {
    take: ({ records: most, bytes }) => {
      const taken: OutRecord[] = [];
      const fits = (): boolean => taken.length === 0 || (taken.length + 1) * valueBytes <= bytes;
      while (next < records && taken.length < most && fits())
        taken.push({ topic: 't', key: String(next++), value: new Uint8Array(valueBytes), headers: [] });
      return taken;
    },
  };
}

/** Time passes only when it is waited for. */
function aRelay(
  fails: (call: number) => boolean = () => false,
  request = { records: 1, bytes: 1_000 },
): { relay: Relay<OutRecord>; end: () => void; published: OutRecord[]; calls: string[]; at: () => number } {
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
  const context = { partition: 0, observer: silentObserver(), time, random: () => 1, abandoned: () => ended };
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
  const options = { read, request, requestTimeoutMs: times.requestTimeoutMs };
  const end = (): void => {
    ended = true;
  };
  const relay = new Relay(publisher, lease, { reach: () => undefined }, context, options);
  return { relay, end, published, calls, at: () => at };
}

describe('a relay', () => {
  it('publishes blob after blob and tells how far it is', async () => {
    const { relay, published } = aRelay();
    void relay.publish(blob(3, 2));
    void relay.publish(blob(5, 1));
    await relay.atMost(NONE);
    expect([published.length, relay.publishedThrough]).toEqual([3, 5]);
  });
  it('publishes requests bounded in bytes, and after a failure sends again what was not acknowledged (invariant 2)', async () => {
    const { relay, calls, published } = aRelay((call) => call === 2 || call === 3, { records: 500, bytes: 1_000 });
    void relay.publish(blob(3, 5, 400));
    await relay.atMost(NONE);
    expect(calls).toEqual(['0,1', '2,3', '2,3', '2,3', '4']);
    expect(published.length).toBe(5);
  });
  it('says once that it has caught up, however many blobs came meanwhile', async () => {
    const { relay } = aRelay();
    const caughtUp = relay.publish(blob(3, 2));
    expect([relay.publish(blob(5, 1)), relay.publish(blob(6, 1))]).toEqual([null, null]);
    await caughtUp;
    expect([relay.publishedThrough, relay.backlog.pending]).toEqual([6, 0]);
    expect(relay.publish(blob(7, 1))).not.toBeNull();
  });
  it('lets blobs wait up to so many bytes', async () => {
    const { relay } = aRelay();
    for (const firstOffset of [1, 2, 3]) void relay.publish(blob(firstOffset, 1, 400));
    await relay.atMost({ blobs: 10, bytes: 100 });
    expect(relay.backlog.pending).toBeLessThanOrEqual(1);
  });
  it('whose partition is gone publishes nothing that comes late, and lets nobody wait for it (invariant 3)', async () => {
    const { relay, end, published } = aRelay();
    end();
    void relay.publish(blob(3, 1));
    await relay.atMost(NONE);
    await relay.idle();
    expect([published.length, relay.publishedThrough]).toEqual([0, null]);
  });
  it('is idle only when a request that failed can take effect no more (invariant 4)', async () => {
    const { relay, published, at } = aRelay((call) => call === 1);
    void relay.publish(blob(3, 1));
    await relay.idle();
    expect([published.length, at()]).toEqual([1, 200]);
  });
});
