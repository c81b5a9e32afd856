import { RetryableError } from '@perennial/values';
import { ACME, aCommit } from '../engine-store-builders';
import { describeEngineStore } from '../engine-store-contract';
import { describeStoreModel } from '../store-model/describe-store-model';
import { type DatabaseFault, FakeDatabase } from './fake-database';
import { fakeStore } from './fake-store';

describeEngineStore('The store over the fake database', () => {
  const database = new FakeDatabase();
  return Promise.resolve({
    store: fakeStore(database),
    row: (partition, key) => {
      const row = database.partition(partition).customerState.get(key);
      return Promise.resolve(row === undefined ? null : { label: row.label, version: row.version });
    },
    total: (partition, tenant, name) =>
      Promise.resolve(database.partition(partition).totals.get(`${tenant}:${name}`) ?? 0),
    close: () => Promise.resolve(),
  });
});

describeStoreModel('The store over the fake database', 400, () => {
  const database = new FakeDatabase();
  return Promise.resolve({
    storeOf: (limits) => fakeStore(database, { limits }),
    rows: (partition) => Promise.resolve([...database.partition(partition).customerState.values()]),
    close: () => Promise.resolve(),
  });
});

describe('Faults of the fake database', () => {
  const failing = async (fault: DatabaseFault) => {
    let next: DatabaseFault = 'none';
    const database = new FakeDatabase(() => next);
    const session = await fakeStore(database, { attempts: 1 }).claim(0, 'a');
    const commit = aCommit(session.claim, { totals: [{ tenant: ACME, name: 'activities', delta: 1 }] });
    next = fault;
    await expect(session.commit(commit)).rejects.toBeInstanceOf(RetryableError);
    next = 'none';
    return { session, commit, total: () => database.partition(0).totals.get('acme:activities') };
  };

  it('fail without effect', async () => {
    const { session, commit, total } = await failing('before');
    expect(total()).toBeUndefined();
    expect(await session.commit(commit)).toBe('committed');
  });

  it('lose the answer after the effect, and the same commit then counts once', async () => {
    const { session, commit, total } = await failing('after');
    expect(total()).toBe(1);
    expect([await session.commit(commit), total()]).toEqual(['committed', 1]);
  });

  it('are asked for by the name of the first statement', async () => {
    const asked: string[] = [];
    const database = new FakeDatabase((statement) => {
      asked.push(statement);
      return 'none';
    });
    const session = await fakeStore(database).claim(0, 'a');
    await session.load(['acme:x']);
    await session.due([{ tenant: ACME, through: 0, except: [] }], 1);
    await session.commit(aCommit(session.claim));
    expect(asked).toEqual(['lock-progress', 'load-states', 'find-due', 'advance-progress']);
  });
});
