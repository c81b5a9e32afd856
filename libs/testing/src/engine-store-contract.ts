import { InvariantViolation } from '@perennial/values';
import { ACME, aCommit, aDeadline, type CommitChange, type StoreUnderTest, type Under } from './engine-store-builders';
import { describeContents } from './engine-store-contents';
import { describeDeadlines } from './engine-store-deadlines';
import { describeOwnership } from './engine-store-ownership';
import { describeSessions } from './engine-store-sessions';

/** What every `EngineStore` must do; run over the fake database and over PostgreSQL. */
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
    describeSessions(under);
    describeContents(under);
    describeRefusals(under);
    describeDeadlines(under);
  });
}

function describeRefusals(under: Under): void {
  it.each<[string, CommitChange]>([
    ['no progress', { nextOffset: 0 }],
    ['two deadlines of one customer', { deadlines: [aDeadline('acme:x', 1), aDeadline('acme:x', 2)] }],
    ['a deadline between two milliseconds', { deadlines: [aDeadline('acme:x', 1.5)] }],
  ])('refuses %s, and writes nothing', async (_, change) => {
    const { store, partition, total } = under();
    const session = await store.claim(partition, 'a');
    const totals = [{ tenant: ACME, name: 'activities', delta: 1 }];
    const refused = session.commit(aCommit(session.claim, { totals, ...change }));
    await expect(refused).rejects.toBeInstanceOf(InvariantViolation);
    expect(await total(partition, ACME, 'activities')).toBe(0);
    expect(await session.commit(aCommit(session.claim))).toBe('committed');
  });

  it('refuses a second blob of one offset', async () => {
    const { store, partition } = under();
    const session = await store.claim(partition, 'a');
    const outbox = { firstOffset: 0, bytes: Uint8Array.of(1) };
    await session.commit(aCommit(session.claim, { outbox }));
    const second = session.commit(aCommit({ nextOffset: 1 }, { outbox }));
    await expect(second).rejects.toBeInstanceOf(InvariantViolation);
  });
}
