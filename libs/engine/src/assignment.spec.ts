/** Paths that seldom run. Numbers are those of assignment.ts. */
import { InvariantViolation } from '@perennial/values';
import { aBatch, aStoreWith, FakeDatabase, fakeStore, silentObserver, WrittenLog } from '@perennial/testing';
import { createEngine } from './create-engine';
import type { EngineStore } from './control-state';

/** A promise that the test settles. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** An engine that writes down what it does; its publisher and its timers are the test's. */
function anEngine(store: EngineStore, publish: () => Promise<void> = () => Promise.resolve()) {
  const seen: string[] = [];
  const timers: (() => void)[] = [];
  const note = (what: string) => (partition: number) => {
    seen.push(`${what} ${partition}`);
  };
  const standings: string[] = [];
  /** How a partition stands, beside what was said of it last. */
  const noteStanding = (): void => {
    standings.push(seen.at(-1) ?? '');
  };
  const engine = createEngine({
    owner: 'a',
    key: new TextEncoder().encode('a key for tests'),
    partitions: 1,
    store,
    publisher: { publish },
    flow: { pause: note('pause'), resume: note('resume'), seek: note('seek'), halt: note('halt') },
    time: {
      now: () => 0,
      monotonic: () => 0,
      after: (_, call) => {
        timers.push(call);
        return () => undefined;
      },
    },
    observer: silentObserver({
      claimed: note('claimed'),
      released: note('released'),
      fenced: note('fenced'),
      lag: noteStanding,
      outbox: noteStanding,
      deadlinesArmed: noteStanding,
      nextDeadline: noteStanding,
      stopped: (partition, reason) => seen.push(`stopped ${partition}: ${reason}`),
    }),
  });
  return { engine, seen, timers, standings };
}

/** One activity of a tenant without a definition: a dead letter, so that something is published. */
function oneBatch() {
  const { records } = new WrittenLog(0, 0).activity('c1', 'Order Completed', '2025-12-31T00:00:00Z');
  return aBatch(0, records);
}

/** Claims, of which each waits for the test. */
function heldClaims(honest: EngineStore) {
  const asked: { readonly open: () => void }[] = [];
  const store: EngineStore = {
    claim: async (partition, owner) => {
      const held = gate();
      asked.push(held);
      await held.passed;
      return honest.claim(partition, owner);
    },
  };
  return { store, asked };
}

describe('A partition that is claimed again while its hand-over goes on', () => {
  it('is claimed only when that has ended, and then need not wait for a lease (1)', async () => {
    const database = new FakeDatabase();
    const held = gate();
    const { engine } = anEngine(fakeStore(database), () => held.passed);
    await engine.claim([0]);
    engine.receive(oneBatch());
    while (database.partition(0).outbox.size === 0) await settled();
    engine.revoke([0]);
    const again = engine.claim([0]);
    for (let turn = 0; turn < 20; turn++) await settled();
    expect(database.partition(0).epoch).toBe(1);
    held.open();
    expect(await again).toEqual(new Map([[0, 1]]));
    expect([database.partition(0).epoch, database.partition(0).outbox.size]).toEqual([2, 0]);
  });
});

describe('A partition that was revoked', () => {
  it('is not spoken of any more, though it is still being handed over', async () => {
    const database = new FakeDatabase();
    const held = gate();
    const { engine, seen, standings } = anEngine(fakeStore(database), () => held.passed);
    await engine.claim([0]);
    engine.receive(oneBatch());
    while (database.partition(0).outbox.size === 0) await settled();
    engine.revoke([0]);
    held.open();
    while (database.partition(0).progress.get('row')?.released !== true) await settled();
    expect([seen.at(-1), standings.includes('claimed 0'), standings.includes('released 0')]).toEqual([
      'released 0',
      true,
      false,
    ]);
  });
});

describe('A claim that is not wanted any more', () => {
  it('because it was revoked meanwhile, gives its session back (2)', async () => {
    const database = new FakeDatabase();
    const { store, asked } = heldClaims(fakeStore(database));
    const { engine, seen } = anEngine(store);
    const claimed = engine.claim([0]);
    await settled();
    engine.revoke([0]);
    asked[0]?.open();
    expect(await claimed).toEqual(new Map());
    expect(database.partition(0).progress.get('row')).toMatchObject({ epoch: 1, released: true });
    expect(seen).toEqual([]);
  });

  it('because the engine stops, gives its session back, and stop waits for that (2)', async () => {
    const database = new FakeDatabase();
    const { store, asked } = heldClaims(fakeStore(database));
    const { engine, seen } = anEngine(store);
    const claimed = engine.claim([0]);
    await settled();
    const stopped = engine.stop();
    asked[0]?.open();
    await stopped;
    expect(database.partition(0).progress.get('row')).toMatchObject({ epoch: 1, released: true });
    expect([await claimed, await engine.claim([0]), seen]).toEqual([new Map(), new Map(), []]);
  });

  it('says nothing of a wait that it did not wait out: the former owner may still publish', async () => {
    const database = new FakeDatabase();
    await fakeStore(database).claim(0, 'a former owner');
    const { store, asked } = heldClaims(fakeStore(database));
    const { engine } = anEngine(store);
    const claimed = engine.claim([0]);
    await settled();
    engine.revoke([0]);
    asked[0]?.open();
    await claimed;
    expect(database.partition(0).progress.get('row')).toMatchObject({ epoch: 2, released: false });
  });

  it('is overtaken by the next one, which waits for it (1, 2)', async () => {
    const database = new FakeDatabase();
    const { store, asked } = heldClaims(fakeStore(database));
    const { engine, seen } = anEngine(store);
    const first = engine.claim([0]);
    await settled();
    engine.revoke([0]);
    const second = engine.claim([0]);
    await settled();
    expect(asked).toHaveLength(1);
    asked[0]?.open();
    while (asked.length < 2) await settled();
    asked[1]?.open();
    expect([await first, await second]).toEqual([new Map(), new Map([[0, 0]])]);
    expect([database.partition(0).epoch, seen]).toEqual([2, ['resume 0', 'claimed 0']]);
  });
});

describe('A partition that is fenced', () => {
  it('is not claimed again once it was revoked meanwhile (3)', async () => {
    const database = new FakeDatabase();
    const { engine, seen, timers } = anEngine(fakeStore(database));
    await engine.claim([0]);
    await fakeStore(database).claim(0, 'somebody else');
    engine.receive(oneBatch());
    while (!seen.includes('pause 0')) await settled();
    engine.revoke([0]);
    for (const timer of timers) timer();
    for (let turn = 0; turn < 20; turn++) await settled();
    expect(database.partition(0).epoch).toBe(2);
    expect(seen).toEqual(['resume 0', 'claimed 0', 'fenced 0', 'pause 0', 'released 0']);
  });
});

describe('A partition that has failed', () => {
  const failing = () => {
    const database = new FakeDatabase();
    const store = aStoreWith(fakeStore(database), () => ({
      commit: () => Promise.reject(new InvariantViolation('STORE.REFUSED', 'no such table')),
    }));
    return { database, ...anEngine(store) };
  };

  it('is not fetched any more, says so, and is given back (4)', async () => {
    const { engine, seen, database } = failing();
    await engine.claim([0]);
    engine.receive(oneBatch());
    while (database.partition(0).progress.get('row')?.released !== true) await settled();
    engine.receive(oneBatch());
    expect(seen).toEqual(['resume 0', 'claimed 0', 'halt 0', 'stopped 0: no such table']);
  });

  it('is claimed again when the group assigns it, and let go of when it does not (4)', async () => {
    const { engine, seen } = failing();
    await engine.claim([0]);
    engine.receive(oneBatch());
    while (!seen.includes('halt 0')) await settled();
    expect(await engine.claim([0])).toEqual(new Map([[0, 0]]));
    engine.fail(0, 'offset 7 is outside the log');
    engine.revoke([0]);
    engine.revoke([0]);
    expect(seen.slice(4)).toEqual([
      'resume 0',
      'claimed 0',
      'halt 0',
      'stopped 0: offset 7 is outside the log',
      'released 0',
    ]);
  });
});
