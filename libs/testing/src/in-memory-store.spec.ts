import { RetryableError } from '@perennial/contracts';
import { ACME, aCommit, aState } from './engine-store-builders';
import { describeEngineStore } from './engine-store-contract';
import { inMemoryStore, type StoreFault } from './in-memory-store';

describeEngineStore('The in-memory store', () => {
  const store = inMemoryStore();
  return Promise.resolve({
    store,
    state: (partition, key) => {
      const row = store.partitions.get(partition)?.states.get(key);
      return Promise.resolve(row === undefined ? null : { stage: row.stage, version: row.version });
    },
    total: (partition, tenant, name) =>
      Promise.resolve(store.partitions.get(partition)?.totals.get(`${tenant}:${name}`) ?? 0),
    close: () => Promise.resolve(),
  });
});

describe('Faults of the in-memory store', () => {
  const failing = async (fault: StoreFault) => {
    let next: StoreFault = 'none';
    const store = inMemoryStore(() => next);
    const commit = aCommit(0, await store.claim(0, 'a'), { totals: [{ tenant: ACME, name: 'activities', delta: 1 }] });
    next = fault;
    await expect(store.commit(commit)).rejects.toBeInstanceOf(RetryableError);
    next = 'none';
    return { store, commit, total: () => store.partitions.get(0)?.totals.get('acme:activities') };
  };

  it('fail without effect', async () => {
    const { store, commit, total } = await failing('before');
    expect(total()).toBeUndefined();
    expect(await store.commit(commit)).toBe('committed');
  });

  it('lose the answer after the effect, and the same commit then counts once', async () => {
    const { store, commit, total } = await failing('after');
    expect(total()).toBe(1);
    expect([await store.commit(commit), total()]).toEqual(['committed', 1]);
  });

  it('are asked for by the name of the call', async () => {
    const calls: string[] = [];
    const store = inMemoryStore((call) => {
      calls.push(call);
      return 'none';
    });
    const claim = await store.claim(0, 'a');
    await store.load(0, []);
    await store.due(0, [], 1);
    await store.earliest(0, []);
    await store.commit(aCommit(0, claim, { states: [aState('acme:x')] }));
    expect(calls).toEqual(['claim', 'load', 'due', 'earliest', 'commit']);
  });
});
