import { ConcurrencyConflict } from '@perennial/values';
import type { EngineSession } from '@perennial/engine';
import { ACME, aCommit, aState, type Under } from './engine-store-builders';

const stateAt = (offset: number) => aState('acme:x', { version: offset, packed: Uint8Array.of(offset) });

async function loadedBy(session: EngineSession): Promise<readonly number[]> {
  return [...((await session.load(['acme:x'])).get('acme:x') ?? [])];
}

/**
 * The part of the contract that is about sessions of one process: a partition is released and claimed again, and what the former
 * session does late changes nothing of the newer one.
 */
export function describeSessions(under: Under): void {
  /** Two sessions of one store, each with a commit of its own that no checkpoint has written into rows. */
  const twoSessions = async () => {
    const { store, partition, row } = under();
    const former = await store.claim(partition, 'a');
    await former.commit(aCommit(former.claim, { states: [stateAt(0)] }));
    const session = await store.claim(partition, 'a');
    await session.commit(aCommit(session.claim, { states: [stateAt(1)] }));
    return { former, session, row: () => row(partition, 'acme:x') };
  };

  it('finds after release and a new claim what the former session committed', async () => {
    const { store, partition } = under();
    const former = await store.claim(partition, 'a');
    await former.commit(aCommit(former.claim, { states: [stateAt(0)] }));
    await former.release(null, 'may-publish');
    const session = await store.claim(partition, 'a');
    expect([session.claim.released, session.claim.nextOffset, await loadedBy(session)]).toEqual([true, 1, [0]]);
  });

  it('keeps its states when a former session is released late', async () => {
    const { former, session, row } = await twoSessions();
    await former.release(null, 'may-publish');
    expect([await loadedBy(session), await session.renew()]).toEqual([[1], 'held']);
    await session.commit(aCommit({ nextOffset: 2 }, { states: [stateAt(2)] }));
    expect(await loadedBy(session)).toEqual([2]);
    await session.flush(null);
    expect([await loadedBy(session), await row()]).toEqual([[2], { label: 'onboarding', version: 2 }]);
  });

  it('keeps its states when a former session is flushed late', async () => {
    const { former, session } = await twoSessions();
    await former.flush(null);
    expect(await loadedBy(session)).toEqual([1]);
    await session.flush(null);
    expect(await loadedBy(session)).toEqual([1]);
  });

  it('keeps its states when a former session commits late', async () => {
    const { former, session } = await twoSessions();
    const late = aCommit({ nextOffset: 2 }, { states: [aState('acme:x', { version: 9 })] });
    expect(await former.commit(late)).toBe('fenced');
    expect(await loadedBy(session)).toEqual([1]);
  });

  it.each<[string, (session: EngineSession) => Promise<unknown>]>([
    ['released', (session) => session.release(null, 'may-publish')],
    ['fenced', (session) => session.renew()],
  ])('does nothing more once it is %s, and gives no states that may be old', async (_, end) => {
    const { former, session } = await twoSessions();
    await end(former);
    await expect(former.load(['acme:x'])).rejects.toBeInstanceOf(ConcurrencyConflict);
    await expect(former.due([{ tenant: ACME, through: 9, except: [] }], 9)).rejects.toBeInstanceOf(ConcurrencyConflict);
    await expect(former.earliest([{ tenant: ACME, except: [] }])).rejects.toBeInstanceOf(ConcurrencyConflict);
    expect([await former.commit(aCommit({ nextOffset: 2 })), await former.renew()]).toEqual(['fenced', 'lost']);
    await former.flush(null);
    await former.release(null, 'may-publish');
    expect(await session.commit(aCommit({ nextOffset: 2 }))).toBe('committed');
  });

  it('commits nothing after its own release, though nobody claimed since', async () => {
    const { store, partition } = under();
    const session = await store.claim(partition, 'a');
    await session.release(null, 'may-publish');
    expect(await session.commit(aCommit(session.claim))).toBe('fenced');
    const { claim } = await store.claim(partition, 'b');
    expect([claim.nextOffset, claim.released]).toEqual([0, true]);
  });
}
