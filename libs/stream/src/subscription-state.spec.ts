import fc from 'fast-check';
import type { LogBatch } from '@perennial/contracts';
import { gate, Recorder } from '@perennial/testing';
import { type AssignedPartition, SubscriptionState } from './subscription-state';

const settled = () => new Promise((resolve) => setImmediate(resolve));

function batchOf(partition: number, offset: number, count = 1): LogBatch {
  const records = Array.from({ length: count }, (_, index) => ({
    offset: offset + index,
    timestamp: 0,
    key: null,
    value: null,
    headers: [],
  }));
  const nextOffset = offset + count;
  return { topic: 't', partition, records, bytes: 0, fromOffset: offset, nextOffset, highWatermark: nextOffset };
}

function subscriptionFor(recorder: Recorder): { subscription: SubscriptionState; wakes: () => number } {
  let wakes = 0;
  const subscription = new SubscriptionState(recorder, {
    notify: () => {
      wakes += 1;
    },
  });
  return { subscription, wakes: () => wakes };
}

/** Taken away and given back: claimed anew. */
function reassign(subscription: SubscriptionState, ...partitions: number[]): void {
  subscription.assign([]);
  subscription.assign(partitions);
}

async function assigned(recorder: Recorder, ...partitions: number[]): Promise<SubscriptionState> {
  const { subscription } = subscriptionFor(recorder);
  subscription.assign(partitions);
  await settled();
  return subscription;
}

function assignedPartition(subscription: SubscriptionState, partition: number): AssignedPartition {
  const current = subscription.ready().find((candidate) => candidate.partition === partition);
  if (current === undefined) throw new Error(`partition ${partition} is not ready`);
  return current;
}

describe('The subscription state', () => {
  it('drops a batch that was fetched under an older claim (invariant 1)', async () => {
    const recorder = new Recorder();
    const subscription = await assigned(recorder, 0);
    const old = assignedPartition(subscription, 0);
    reassign(subscription, 0);
    await settled();
    subscription.deliver(old, batchOf(0, 0));
    expect(recorder.batches).toEqual([]);
    expect(assignedPartition(subscription, 0).next).toBe(0);
  });

  it('drops a batch that was fetched before a seek, or before a pause (invariant 1)', async () => {
    const recorder = new Recorder();
    const subscription = await assigned(recorder, 0);
    const current = assignedPartition(subscription, 0);
    subscription.seek(0, 7);
    subscription.deliver(current, batchOf(0, 0));
    subscription.pause(0);
    subscription.deliver(current, batchOf(0, 7));
    expect(recorder.batches).toEqual([]);
    subscription.resume(0);
    subscription.deliver(current, batchOf(0, 7));
    expect(recorder.offsets(0)).toEqual([7]);
  });

  it('never has two claims of a partition under way, and claims the newest assignment only (invariant 2)', async () => {
    const recorder = new Recorder();
    const held = gate();
    recorder.onClaim = () => held.passed;
    const { subscription } = subscriptionFor(recorder);
    subscription.assign([0, 1]);
    await settled();
    subscription.assign([0]);
    subscription.assign([1, 2]);
    await settled();
    expect(recorder.claims).toEqual([0, 1, 2]);
    held.open();
    await settled();
    expect(recorder.claims).toEqual([0, 1, 2, 1]);
  });

  it('begins a partition while the claim of another waits, under a new assignment too (invariant 2)', async () => {
    const recorder = new Recorder();
    recorder.onClaim = (partition) => (partition === 0 ? new Promise(() => undefined) : Promise.resolve());
    const { subscription } = subscriptionFor(recorder);
    subscription.assign([0, 1]);
    await settled();
    expect(subscription.ready().map(({ partition }) => partition)).toEqual([1]);
    subscription.assign([0, 1, 2]);
    await settled();
    expect(subscription.ready().map(({ partition }) => partition)).toEqual([1, 2]);
  });

  it('does not use the answer to a claim that was overtaken (invariant 2)', async () => {
    const recorder = new Recorder();
    recorder.starts.set(0, 5);
    const first = gate();
    recorder.onClaim = () => first.passed;
    const { subscription } = subscriptionFor(recorder);
    subscription.assign([0]);
    await settled();
    reassign(subscription, 0);
    recorder.onClaim = () => new Promise(() => undefined);
    first.open();
    await settled();
    expect(subscription.ready()).toEqual([]);
  });

  it('wants no further batch while one is being handled, and wakes its owner afterwards (invariant 3)', async () => {
    const recorder = new Recorder();
    const { subscription, wakes } = subscriptionFor(recorder);
    subscription.assign([0]);
    await settled();
    const held = gate();
    recorder.onBatch = () => held.passed;
    subscription.deliver(assignedPartition(subscription, 0), batchOf(0, 0));
    await settled();
    expect(subscription.ready()).toEqual([]);
    const before = wakes();
    held.open();
    await settled();
    expect(assignedPartition(subscription, 0).next).toBe(1);
    expect(wakes()).toBe(before + 1);
  });

  it('revokes what is lost before it claims anew, and everything at the end (invariant 4)', async () => {
    const recorder = new Recorder();
    const subscription = await assigned(recorder, 0, 1, 2);
    subscription.assign([2, 3]);
    expect(recorder.revoked).toEqual([0, 1]);
    expect(recorder.claims).toEqual([0, 1, 2]);
    await settled();
    expect(recorder.claims).toEqual([0, 1, 2, 3]);
    subscription.assign([]);
    expect(recorder.revoked).toEqual([0, 1, 2, 3]);
    await settled();
    expect(recorder.claims).toHaveLength(4);
  });

  it('keeps a stopped partition still until it is assigned again, and says so once (invariant 5)', async () => {
    const recorder = new Recorder();
    const subscription = await assigned(recorder, 0);
    const current = assignedPartition(subscription, 0);
    subscription.stop(current, 'first');
    subscription.stop(current, 'second');
    subscription.resume(0);
    subscription.seek(0, 3);
    expect(recorder.stops.get(0)).toBe('first');
    expect(subscription.ready()).toEqual([]);
    subscription.assign([0]);
    await settled();
    expect(assignedPartition(subscription, 0).next).toBe(0);
  });

  it('does not stop a partition for a handler of an older claim', async () => {
    const recorder = new Recorder();
    const subscription = await assigned(recorder, 0);
    const held = gate();
    recorder.onBatch = () => held.passed.then(() => Promise.reject(new Error('late')));
    subscription.deliver(assignedPartition(subscription, 0), batchOf(0, 0));
    reassign(subscription, 0);
    held.open();
    await settled();
    expect(recorder.stops.size).toBe(0);
    expect(subscription.ready()).toHaveLength(1);
  });

  it('forgets pauses at a new claim, but keeps one made while claiming', async () => {
    const recorder = new Recorder();
    const subscription = await assigned(recorder, 0, 1);
    subscription.pause(0);
    reassign(subscription, 0, 1);
    subscription.pause(1);
    await settled();
    expect(subscription.ready().map(({ partition }) => partition)).toEqual([0]);
  });

  it('hands over where the position moved to, also without records, and nothing when it did not move', async () => {
    const recorder = new Recorder();
    const subscription = await assigned(recorder, 0);
    subscription.deliver(assignedPartition(subscription, 0), batchOf(0, 0, 0));
    expect(recorder.batches).toEqual([]);
    subscription.deliver(assignedPartition(subscription, 0), { ...batchOf(0, 0, 0), nextOffset: 4, highWatermark: 4 });
    await settled();
    expect(assignedPartition(subscription, 0).next).toBe(4);
    expect(recorder.batches).toMatchObject([{ fromOffset: 0, nextOffset: 4 }]);
  });

  it('keeps the claim, the position and the pause of a partition that an assignment keeps (invariant 6)', async () => {
    const recorder = new Recorder();
    const subscription = await assigned(recorder, 0, 1);
    subscription.deliver(assignedPartition(subscription, 0), batchOf(0, 0, 3));
    await settled();
    subscription.pause(1);
    const kept = assignedPartition(subscription, 0);
    subscription.assign([0, 1, 2]);
    await settled();
    subscription.assign([0, 1]);
    await settled();
    expect([recorder.claims, recorder.revoked]).toEqual([[0, 1, 2], [2]]);
    expect(subscription.ready()).toEqual([kept]);
    subscription.deliver(kept, batchOf(0, 3));
    await settled();
    expect(recorder.offsets(0)).toEqual([0, 1, 2, 3]);
  });

  it('fetches nothing of a partition whose owner has failed, and claims it anew when it is assigned again', async () => {
    const recorder = new Recorder();
    const subscription = await assigned(recorder, 0);
    const current = assignedPartition(subscription, 0);
    subscription.halt(0);
    subscription.resume(0);
    subscription.seek(0, 0);
    subscription.deliver(current, batchOf(0, 0));
    expect([subscription.ready(), recorder.batches, recorder.stops.size]).toEqual([[], [], 0]);
    subscription.assign([0]);
    await settled();
    expect([recorder.claims, subscription.ready().length]).toEqual([[0, 0], 1]);
  });

  it('does not begin under a claim whose owner failed meanwhile', async () => {
    const recorder = new Recorder();
    const held = gate();
    recorder.onClaim = () => held.passed;
    const subscription = await assigned(recorder, 0);
    subscription.halt(0);
    held.open();
    await settled();
    expect(subscription.ready()).toEqual([]);
  });

  it('lets a partition be that its claim left out, and says nothing: it is not wanted', async () => {
    const recorder = new Recorder();
    const { subscription } = subscriptionFor(
      Object.assign(recorder, { claim: (partition: number) => Promise.resolve(partition === 0 ? 0 : null) }),
    );
    subscription.assign([0, 1]);
    await settled();
    expect(recorder.stops.size).toBe(0);
    expect(subscription.ready().map(({ partition }) => partition)).toEqual([0]);
  });

  it('delivers under each claim consecutive offsets from the claimed one on, whatever happens in between', async () => {
    const step = fc.constantFrom('deliver', 'stale', 'pause', 'resume', 'assign', 'reassign', 'settle');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const recorder = new Recorder();
        const { subscription } = subscriptionFor(recorder);
        const perClaim: number[][] = [];
        recorder.onClaim = () => {
          perClaim.push([]);
          return Promise.resolve();
        };
        recorder.onBatch = (batch) => {
          perClaim.at(-1)?.push(...[...batch.records].map(({ offset }) => offset));
          return Promise.resolve();
        };
        subscription.assign([0]);
        let stale: AssignedPartition | undefined;
        for (const name of steps) {
          const [current] = subscription.ready();
          if (name === 'deliver' && current) subscription.deliver(current, batchOf(0, current.next, 2));
          if (name === 'stale' && stale) subscription.deliver(stale, batchOf(0, stale.next + 1));
          if (name === 'pause') subscription.pause(0);
          if (name === 'resume') subscription.resume(0);
          if (name === 'assign') subscription.assign([0]);
          if (name === 'reassign') reassign(subscription, 0);
          if (name === 'settle') await settled();
          stale = current;
        }
        for (const offsets of perClaim) expect(offsets).toEqual(offsets.map((_, index) => index));
      }),
    );
  });
});
