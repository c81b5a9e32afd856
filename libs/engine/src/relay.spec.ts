import type { OutRecord } from '@perennial/contracts';
import { silentObserver } from '@perennial/testing';
import { Lease } from './lease';
import { Relay } from './relay';

const record: OutRecord = { topic: 't', key: null, value: null, headers: {} };

function aRelay(): { relay: Relay; end: () => void; published: OutRecord[] } {
  const published: OutRecord[] = [];
  let ended = false;
  const time = { now: () => 0, monotonic: () => 0, after: () => () => undefined };
  const context = { partition: 0, observer: silentObserver(), time, abandoned: () => ended };
  const times = { leaseMs: 1, requestTimeoutMs: 1 };
  const lease = new Lease(() => Promise.resolve('held'), times, context, { sentAt: 0, released: true });
  const publisher = {
    publish: (records: readonly OutRecord[]) => {
      published.push(...records);
      return Promise.resolve();
    },
  };
  const on = {
    size: 1,
    lost: () => undefined,
    error: (error: unknown) => {
      throw error;
    },
  };
  const end = (): void => {
    ended = true;
  };
  return { relay: new Relay(publisher, lease, { reach: () => undefined }, context, on), end, published };
}

describe('a relay', () => {
  it('publishes blob after blob and tells how far it is', async () => {
    const { relay, published } = aRelay();
    relay.publish(3, [record, record]);
    relay.publish(5, [record]);
    await relay.atMost(0);
    expect([published.length, relay.publishedThrough]).toEqual([3, 5]);
  });
  it('whose partition is gone publishes nothing that comes late, and lets nobody wait for it (invariant 3)', async () => {
    const { relay, end, published } = aRelay();
    end();
    relay.publish(3, [record]);
    await relay.atMost(0);
    await relay.idle();
    expect([published.length, relay.publishedThrough]).toEqual([0, null]);
  });
});
