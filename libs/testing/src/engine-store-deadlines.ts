import { ACME, aCommit, aDeadline, BOLT, type Under } from './engine-store-builders';

/** The part of the contract that is about deadlines. */
export function describeDeadlines(under: Under): void {
  const armed = async (...deadlines: (readonly [key: string, due: number])[]) => {
    const { store, partition } = under();
    const session = await store.claim(partition, 'a');
    await session.commit(aCommit(session.claim, { deadlines: deadlines.map(([key, due]) => aDeadline(key, due)) }));
    return { session };
  };

  it('returns what is due, by instant and then by the bytes of the key, over all tenants', async () => {
    const { session } = await armed(
      ['bolt:\u{1F600}', 5],
      ['bolt:\uFFFD', 5],
      ['acme:z', 5],
      ['bolt:early', -3],
      ['acme:later', 11],
      ['acme:B', 7],
      ['acme:a', 7],
    );
    const queries = [
      { tenant: ACME, through: 10, except: [] },
      { tenant: BOLT, through: 5, except: [] },
    ];
    const all = await session.due(queries, 100);
    expect(all).toEqual([
      { key: 'bolt:early', due: -3 },
      { key: 'acme:z', due: 5 },
      { key: 'bolt:\uFFFD', due: 5 },
      { key: 'bolt:\u{1F600}', due: 5 },
      { key: 'acme:B', due: 7 },
      { key: 'acme:a', due: 7 },
    ]);
    expect(await session.due(queries, 2)).toEqual(all.slice(0, 2));
    expect(await session.due(queries.toReversed(), 3)).toEqual(all.slice(0, 3));
  });

  it('returns what is due at the very instant, and nothing later', async () => {
    const { session } = await armed(['acme:at', 10], ['acme:after', 11]);
    expect(await session.due([{ tenant: ACME, through: 10, except: [] }], 9)).toEqual([{ key: 'acme:at', due: 10 }]);
  });

  it('passes over exceptions and other tenants, and fills the limit behind them', async () => {
    const { session } = await armed(['acme:a', 1], ['acme:b', 2], ['acme:c', 3], ['bolt:a', 0]);
    const query = { tenant: ACME, through: 10, except: ['acme:a', 'acme:unknown'] };
    expect(await session.due([query], 1)).toEqual([{ key: 'acme:b', due: 2 }]);
    expect(await session.earliest([query])).toEqual(new Map([[ACME, 2]]));
    expect(await session.due([], 9)).toEqual([]);
    expect(await session.earliest([])).toEqual(new Map());
  });

  it('names the earliest deadline of each tenant that has one', async () => {
    const { session } = await armed(['acme:a', 8], ['acme:b', 6]);
    const queries = [
      { tenant: BOLT, except: [] },
      { tenant: ACME, except: [] },
    ];
    expect(await session.earliest(queries)).toEqual(new Map([[ACME, 6]]));
    const excepted = [{ tenant: ACME, except: ['acme:a', 'acme:b'] }];
    expect(await session.earliest(excepted)).toEqual(new Map());
  });

  it('keeps one deadline per customer: a new one replaces it, null removes it', async () => {
    const { session } = await armed(['acme:moved', 1], ['acme:removed', 2], ['acme:kept', 3]);
    const deadlines = [aDeadline('acme:moved', 9), aDeadline('acme:removed', null), aDeadline('acme:never', null)];
    await session.commit(aCommit({ nextOffset: 1 }, { deadlines }));
    expect(await session.due([{ tenant: ACME, through: 10, except: [] }], 9)).toEqual([
      { key: 'acme:kept', due: 3 },
      { key: 'acme:moved', due: 9 },
    ]);
  });
}
