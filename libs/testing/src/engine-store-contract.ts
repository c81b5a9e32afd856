import { InvariantViolation } from '@perennial/contracts';
import {
  ACME,
  aCommit,
  aDeadline,
  aState,
  aTenant,
  BOLT,
  type CommitChange,
  type StoreUnderTest,
  type Under,
} from './engine-store-builders';
import { describeContents } from './engine-store-contents';
import { describeDeadlines } from './engine-store-deadlines';

/** What every `EngineStore` must do; run against the fake and against PostgreSQL. */
export function describeEngineStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an engine store`, () => {
    let opened: StoreUnderTest;
    let partition = 0;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    beforeEach(() => {
      partition += 1;
    });
    const under = () => ({ ...opened, partition });
    describeOwnership(under);
    describeContents(under);
    describeRefusals(under);
    describeDeadlines(under);
  });
}

function describeOwnership(under: Under): void {
  it('starts a new partition at offset 0 with nothing in it', async () => {
    const { store, partition } = under();
    expect(await store.claim(partition, 'a')).toEqual({
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
    expect(await store.commit(aCommit(partition, first, { nextOffset: 7, outbox, tenants }))).toBe('committed');
    const second = await store.claim(partition, 'b');
    expect(second).toMatchObject({
      epoch: first.epoch + 1,
      nextOffset: 7,
      tenants: [aTenant(ACME, { newestAt: 5 }), aTenant(BOLT)],
    });
    expect(second.outbox.map((blob) => [blob.firstOffset, [...blob.bytes]])).toEqual([[0, [0, 255, 10]]]);
  });

  it('tells a new owner how many deadlines there are, by the totals of all tenants', async () => {
    const { store, partition } = under();
    const claim = await store.claim(partition, 'a');
    const totals = [ACME, BOLT].map((tenant) => ({ tenant, name: 'deadlines', delta: 2 }));
    await store.commit(aCommit(partition, claim, { totals }));
    expect((await store.claim(partition, 'b')).armed).toBe(4);
  });

  it('tells a new owner whether the former gave the partition back', async () => {
    const { store, partition } = under();
    const first = await store.claim(partition, 'a');
    const second = await store.claim(partition, 'b');
    expect(second.released).toBe(false);
    await store.release(partition, first.epoch, null);
    const third = await store.claim(partition, 'c');
    expect(third.released).toBe(false);
    await store.release(partition, third.epoch, null);
    expect((await store.claim(partition, 'd')).released).toBe(true);
  });

  it('renews for the owner of the newest epoch only', async () => {
    const { store, partition } = under();
    const old = await store.claim(partition, 'a');
    expect(await store.renew(partition, old.epoch)).toBe('held');
    const owner = await store.claim(partition, 'b');
    expect(await store.renew(partition, old.epoch)).toBe('lost');
    expect(await store.renew(partition, owner.epoch)).toBe('held');
  });

  it('deletes on release what was published, and nothing else', async () => {
    const { store, partition } = under();
    const owner = await store.claim(partition, 'a');
    const blob = (firstOffset: number) => ({ firstOffset, bytes: Uint8Array.of(1) });
    await store.commit(aCommit(partition, owner, { nextOffset: 3, outbox: blob(0) }));
    await store.commit(aCommit(partition, { ...owner, nextOffset: 3 }, { nextOffset: 5, outbox: blob(3) }));
    await store.release(partition, owner.epoch, 0);
    expect((await store.claim(partition, 'b')).outbox.map(({ firstOffset }) => firstOffset)).toEqual([3]);
  });

  it('deletes what was published when the partition rests, and nothing else', async () => {
    const { store, partition } = under();
    const owner = await store.claim(partition, 'a');
    const blob = (firstOffset: number) => ({ firstOffset, bytes: Uint8Array.of(1) });
    await store.commit(aCommit(partition, owner, { nextOffset: 3, outbox: blob(0) }));
    await store.commit(aCommit(partition, { ...owner, nextOffset: 3 }, { nextOffset: 5, outbox: blob(3) }));
    await store.rest(partition, null);
    await store.rest(partition, 0);
    const next = await store.claim(partition, 'b');
    expect([next.released, next.outbox.map(({ firstOffset }) => firstOffset)]).toEqual([false, [3]]);
  });

  it('fences an older owner and writes nothing of it', async () => {
    const { store, partition, total, state } = under();
    const old = await store.claim(partition, 'a');
    const owner = await store.claim(partition, 'b');
    const late = aCommit(partition, old, {
      states: [aState('acme:x')],
      totals: [{ tenant: ACME, name: 'activities', delta: 1 }],
    });
    expect(await store.commit(late)).toBe('fenced');
    expect([await total(partition, ACME, 'activities'), await state(partition, 'acme:x')]).toEqual([0, null]);
    expect(await store.commit(aCommit(partition, owner))).toBe('committed');
  });

  it('fences a commit that does not continue where the last one ended', async () => {
    const { store, partition } = under();
    const claim = await store.claim(partition, 'a');
    expect(await store.commit(aCommit(partition, { ...claim, nextOffset: 3 }))).toBe('fenced');
    expect(await store.commit(aCommit(partition, claim, { nextOffset: 5 }))).toBe('committed');
    expect(await store.commit(aCommit(partition, { ...claim, nextOffset: 2 }))).toBe('fenced');
    expect((await store.claim(partition, 'a')).nextOffset).toBe(5);
  });

  it('fences a commit of a partition that nobody claimed', async () => {
    const { store, partition } = under();
    expect(await store.commit(aCommit(partition, { epoch: 1, nextOffset: 0 }))).toBe('fenced');
  });

  it('acknowledges a commit that is run again after its answer was lost, and counts it once', async () => {
    const { store, partition, total } = under();
    const claim = await store.claim(partition, 'a');
    const outbox = { firstOffset: 0, bytes: Uint8Array.of(9) };
    const commit = aCommit(partition, claim, { outbox, totals: [{ tenant: ACME, name: 'activities', delta: 2 }] });
    expect([await store.commit(commit), await store.commit(commit)]).toEqual(['committed', 'committed']);
    expect(await total(partition, ACME, 'activities')).toBe(2);
    expect((await store.claim(partition, 'a')).outbox).toHaveLength(1);
  });

  it('keeps partitions apart', async () => {
    const { store, partition } = under();
    const other = partition + 1_000_000;
    const [mine, others] = [await store.claim(partition, 'a'), await store.claim(other, 'b')];
    await store.commit(
      aCommit(other, others, {
        states: [aState('acme:x')],
        deadlines: [aDeadline('acme:x', 1)],
        tenants: [aTenant(ACME)],
      }),
    );
    expect((await store.load(partition, ['acme:x'])).size).toBe(0);
    expect(await store.due(partition, [{ tenant: ACME, through: 9, except: [] }], 9)).toEqual([]);
    expect(await store.commit(aCommit(partition, mine))).toBe('committed');
    expect((await store.claim(partition, 'a')).tenants).toEqual([]);
  });
}

function describeRefusals(under: Under): void {
  it.each<[string, CommitChange]>([
    ['no progress', { nextOffset: 0 }],
    ['two deadlines of one customer', { deadlines: [aDeadline('acme:x', 1), aDeadline('acme:x', 2)] }],
    ['a deadline between two milliseconds', { deadlines: [aDeadline('acme:x', 1.5)] }],
  ])('refuses %s, and writes nothing', async (_, change) => {
    const { store, partition, total } = under();
    const claim = await store.claim(partition, 'a');
    const commit = aCommit(partition, claim, { totals: [{ tenant: ACME, name: 'activities', delta: 1 }], ...change });
    await expect(store.commit(commit)).rejects.toBeInstanceOf(InvariantViolation);
    expect(await total(partition, ACME, 'activities')).toBe(0);
    expect(await store.commit(aCommit(partition, claim))).toBe('committed');
  });

  it('refuses a second blob of one offset', async () => {
    const { store, partition } = under();
    const claim = await store.claim(partition, 'a');
    const outbox = { firstOffset: 0, bytes: Uint8Array.of(1) };
    await store.commit(aCommit(partition, claim, { outbox }));
    const second = aCommit(partition, { ...claim, nextOffset: 1 }, { outbox });
    await expect(store.commit(second)).rejects.toBeInstanceOf(InvariantViolation);
  });
}
