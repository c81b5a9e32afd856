import type { ClockPosition } from '@perennial/engine';
import { ACME, aCommit, aDefinition, aState, aTenant, BOLT, type Under } from './engine-store-builders';

/** The part of the contract that is about what is stored and read back. */
export function describeContents(under: Under): void {
  it('loads the states it knows of the keys asked for', async () => {
    const { store, partition } = under();
    const session = await store.claim(partition, 'a');
    const keys = ['acme:a "quoted"', 'acme:back\\slash', 'acme:{,}', 'acme:é漢😀', 'acme:empty'];
    const states = keys.map((key, i) =>
      aState(key, { packed: Uint8Array.from({ length: keys.length - 1 - i }, (_, n) => n * 85) }),
    );
    await session.commit(aCommit(session.claim, { states }));
    const loaded = await session.load([...keys.toReversed(), 'acme:unknown']);
    expect(new Map([...loaded].map(([key, bytes]) => [key, [...bytes]]))).toEqual(
      new Map(states.map(({ key, packed }) => [key, [...packed]])),
    );
    expect(await session.load([])).toEqual(new Map());
  });

  it('replaces a state as a whole', async () => {
    const { store, partition, row } = under();
    const session = await store.claim(partition, 'a');
    await session.commit(aCommit(session.claim, { states: [aState('acme:x'), aState('acme:y')] }));
    const moved = aState('acme:x', { label: 'in-life', version: 1, packed: Uint8Array.of(7) });
    await session.commit(aCommit({ nextOffset: 1 }, { states: [moved] }));
    expect([...((await session.load(['acme:x'])).get('acme:x') ?? [])]).toEqual([7]);
    await session.flush(null);
    expect([...((await session.load(['acme:x'])).get('acme:x') ?? [])]).toEqual([7]);
    expect(await row(partition, 'acme:x')).toEqual({ label: 'in-life', version: 1 });
    expect(await row(partition, 'acme:y')).toEqual({ label: 'onboarding', version: 0 });
  });

  it('returns unpublished blobs oldest first, and forgets published ones', async () => {
    const { store, partition } = under();
    const session = await store.claim(partition, 'a');
    const offsets = [0, 9, 10, 100, 101];
    for (const [i, nextOffset] of offsets.slice(1).entries()) {
      const firstOffset = offsets[i] ?? 0;
      const outbox = { firstOffset, bytes: Uint8Array.of(firstOffset) };
      const publishedThrough = firstOffset === 100 ? 9 : null;
      await session.commit(aCommit({ nextOffset: firstOffset }, { nextOffset, outbox, publishedThrough }));
    }
    expect((await store.claim(partition, 'b')).claim.outbox.map((blob) => blob.firstOffset)).toEqual([10, 100]);
  });

  it('replaces the state of a tenant, whatever characters it holds', async () => {
    const { store, partition } = under();
    const session = await store.claim(partition, 'a');
    await session.commit(aCommit(session.claim, { tenants: [aTenant(ACME), aTenant(BOLT)] }));
    const changed = aTenant(ACME, {
      source: { kind: 'offset', base: 1, from: 2, speed: 0.5 },
      bootstrap: { kind: 'customers', customers: ['a,"b"\\'] },
      definitions: [
        aDefinition('name: "\u0000 {é}"\n', { author: 'Zoë "x"', reason: 'a\nb\\', publishedAt: 1_764_000_000_000 }),
        aDefinition('second'),
      ],
      newestAt: 1_700_000_000_000,
    });
    await session.commit(aCommit({ nextOffset: 1 }, { tenants: [changed] }));
    expect((await store.claim(partition, 'a')).claim.tenants).toEqual([changed, aTenant(BOLT)]);
  });

  it('leaves of a tenant what a commit does not change, and adds definitions to those before', async () => {
    const { store, partition } = under();
    const session = await store.claim(partition, 'a');
    const [one, two, three] = [
      aDefinition('one', { author: 'a' }),
      aDefinition('two', { reason: 'b' }),
      aDefinition('three'),
    ];
    const first = aTenant(ACME, { bootstrap: { kind: 'all' }, definitions: [one], newestAt: 5 });
    await session.commit(aCommit(session.claim, { tenants: [first] }));
    const changes = [{ tenant: ACME, newestAt: 6 }, { tenant: ACME, definitions: [two, three] }, { tenant: ACME }];
    for (const [index, change] of changes.entries())
      await session.commit(aCommit({ nextOffset: index + 1 }, { tenants: [change] }));
    const { tenants } = (await store.claim(partition, 'a')).claim;
    expect(tenants).toEqual([{ ...first, definitions: [one, two, three], newestAt: 6 }]);
  });

  it('remembers the newest clock record of each processor and tenant', async () => {
    const { store, partition } = under();
    const session = await store.claim(partition, 'a');
    const live = { processor: 'lifecycle-engine', tenant: null, epoch: 1, counter: 1, at: null } as const;
    const past = { ...live, processor: 'importer', tenant: ACME, epoch: Number.MAX_SAFE_INTEGER, at: -1 } as const;
    const used = (...clocks: readonly ClockPosition[]) => ({ numbers: { clocks, commands: [], commandsFrom: null } });
    await session.commit(aCommit(session.claim, used(live, past)));
    const later = { ...live, epoch: 2, counter: 7, at: 1_764_000_000_000 };
    await session.commit(aCommit({ nextOffset: 1 }, used(later)));
    const { numbers } = (await store.claim(partition, 'b')).claim;
    expect(new Set(numbers.clocks)).toEqual(new Set([later, past]));
  });

  it('remembers the numbers of commands, from the one on that a commit says', async () => {
    const { store, partition } = under();
    const session = await store.claim(partition, 'a');
    const used = (commandsFrom: number | null, ...commands: number[]) => ({
      numbers: { clocks: [], commands, commandsFrom },
    });
    await session.commit(aCommit(session.claim, used(null, 9, 3, Number.MAX_SAFE_INTEGER)));
    await session.commit(aCommit({ nextOffset: 1 }, used(9, 10)));
    const { numbers } = (await store.claim(partition, 'b')).claim;
    expect(numbers.commands.toSorted((a, b) => a - b)).toEqual([9, 10, Number.MAX_SAFE_INTEGER]);
  });

  it('adds totals up, also those of one name in one commit', async () => {
    const { store, partition, total } = under();
    const session = await store.claim(partition, 'a');
    const deltas = (...all: number[]) => all.map((delta) => ({ tenant: ACME, name: 'move:stage:a>b', delta }));
    await session.commit(
      aCommit(session.claim, { totals: [...deltas(2, 3), { tenant: BOLT, name: 'activities', delta: 1 }] }),
    );
    await session.commit(aCommit({ nextOffset: 1 }, { totals: deltas(-1) }));
    expect(await total(partition, ACME, 'move:stage:a>b')).toBe(4);
    expect(await total(partition, BOLT, 'activities')).toBe(1);
  });
}
