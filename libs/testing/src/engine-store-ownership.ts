import { ACME, aCommit, aDeadline, aState, aTenant, BOLT, type Under } from './engine-store-builders';

const blobAt = (firstOffset: number) => ({ firstOffset, bytes: Uint8Array.of(1) });

/** The part of the contract that is about who owns a partition, and what the next owner finds. */
export function describeOwnership(under: Under): void {
  it('starts a new partition at offset 0 with nothing in it', async () => {
    const { store, partition } = under();
    expect((await store.claim(partition, 'a')).claim).toEqual({
      epoch: 1,
      nextOffset: 0,
      tenants: [],
      numbers: { clocks: [], commands: [] },
      outbox: [],
      released: true,
      armed: 0,
    });
  });

  it('hands a new owner what the old one committed, under a higher epoch', async () => {
    const { store, partition } = under();
    const first = await store.claim(partition, 'a');
    const outbox = { firstOffset: 0, bytes: Uint8Array.of(0, 255, 10) };
    const tenants = [aTenant(BOLT), aTenant(ACME, { newestAt: 5 })];
    expect(await first.commit(aCommit(first.claim, { nextOffset: 7, outbox, tenants }))).toBe('committed');
    const { claim: second } = await store.claim(partition, 'b');
    expect(second).toMatchObject({
      epoch: first.claim.epoch + 1,
      nextOffset: 7,
      tenants: [aTenant(ACME, { newestAt: 5 }), aTenant(BOLT)],
    });
    expect(second.outbox.map((blob) => [blob.firstOffset, [...blob.bytes]])).toEqual([[0, [0, 255, 10]]]);
  });

  it('tells a new owner how many deadlines there are, by the totals of all tenants', async () => {
    const { store, partition } = under();
    const session = await store.claim(partition, 'a');
    const totals = [ACME, BOLT].map((tenant) => ({ tenant, name: 'deadlines', delta: 2 }));
    await session.commit(aCommit(session.claim, { totals }));
    expect((await store.claim(partition, 'b')).claim.armed).toBe(4);
  });

  it('tells a new owner whether the former gave the partition back', async () => {
    const { store, partition } = under();
    const first = await store.claim(partition, 'a');
    const second = await store.claim(partition, 'b');
    expect(second.claim.released).toBe(false);
    await first.release(null, 'may-publish');
    const third = await store.claim(partition, 'c');
    expect(third.claim.released).toBe(false);
    await third.release(null, 'must-wait');
    const fourth = await store.claim(partition, 'd');
    expect(fourth.claim.released).toBe(false);
    await fourth.release(null, 'may-publish');
    expect((await store.claim(partition, 'e')).claim.released).toBe(true);
  });

  it('renews for the newest session only', async () => {
    const { store, partition } = under();
    const old = await store.claim(partition, 'a');
    expect(await old.renew()).toBe('held');
    const owner = await store.claim(partition, 'b');
    expect(await old.renew()).toBe('lost');
    expect(await owner.renew()).toBe('held');
  });

  it('deletes on release what was published, and nothing else', async () => {
    const { store, partition } = under();
    const owner = await store.claim(partition, 'a');
    await owner.commit(aCommit(owner.claim, { nextOffset: 3, outbox: blobAt(0) }));
    await owner.commit(aCommit({ nextOffset: 3 }, { nextOffset: 5, outbox: blobAt(3) }));
    await owner.release(0, 'must-wait');
    expect((await store.claim(partition, 'b')).claim.outbox.map(({ firstOffset }) => firstOffset)).toEqual([3]);
  });

  it('deletes on flush what was published, and nothing else', async () => {
    const { store, partition } = under();
    const owner = await store.claim(partition, 'a');
    await owner.commit(aCommit(owner.claim, { nextOffset: 3, outbox: blobAt(0) }));
    await owner.commit(aCommit({ nextOffset: 3 }, { nextOffset: 5, outbox: blobAt(3) }));
    await owner.flush(null);
    await owner.flush(0);
    const { claim } = await store.claim(partition, 'b');
    expect([claim.released, claim.outbox.map(({ firstOffset }) => firstOffset)]).toEqual([false, [3]]);
  });

  it('fences an older owner and writes nothing of it', async () => {
    const { store, partition, total } = under();
    const old = await store.claim(partition, 'a');
    const owner = await store.claim(partition, 'b');
    const totals = [{ tenant: ACME, name: 'activities', delta: 1 }];
    expect(await old.commit(aCommit(old.claim, { states: [aState('acme:x')], totals }))).toBe('fenced');
    expect([await total(partition, ACME, 'activities'), (await owner.load(['acme:x'])).size]).toEqual([0, 0]);
    expect(await owner.commit(aCommit(owner.claim))).toBe('committed');
  });

  it('fences a commit that does not continue where the last one ended', async () => {
    const { store, partition } = under();
    const first = await store.claim(partition, 'a');
    expect(await first.commit(aCommit({ nextOffset: 3 }))).toBe('fenced');
    const second = await store.claim(partition, 'a');
    expect(await second.commit(aCommit(second.claim, { nextOffset: 5 }))).toBe('committed');
    expect(await second.commit(aCommit({ nextOffset: 2 }))).toBe('fenced');
    expect((await store.claim(partition, 'a')).claim.nextOffset).toBe(5);
  });

  it('acknowledges a commit that is run again after its answer was lost, and counts it once', async () => {
    const { store, partition, total } = under();
    const session = await store.claim(partition, 'a');
    const totals = [{ tenant: ACME, name: 'activities', delta: 2 }];
    const commit = aCommit(session.claim, { outbox: blobAt(0), totals });
    expect([await session.commit(commit), await session.commit(commit)]).toEqual(['committed', 'committed']);
    expect(await total(partition, ACME, 'activities')).toBe(2);
    expect((await store.claim(partition, 'a')).claim.outbox).toHaveLength(1);
  });

  it('keeps partitions apart', async () => {
    const { store, partition } = under();
    const other = partition + 1_000_000;
    const [mine, others] = [await store.claim(partition, 'a'), await store.claim(other, 'b')];
    await others.commit(
      aCommit(others.claim, {
        states: [aState('acme:x')],
        deadlines: [aDeadline('acme:x', 1)],
        tenants: [aTenant(ACME)],
      }),
    );
    expect((await mine.load(['acme:x'])).size).toBe(0);
    expect(await mine.due([{ tenant: ACME, through: 9, except: [] }], 9)).toEqual([]);
    expect(await mine.commit(aCommit(mine.claim))).toBe('committed');
    expect((await store.claim(partition, 'a')).claim.tenants).toEqual([]);
  });
}
