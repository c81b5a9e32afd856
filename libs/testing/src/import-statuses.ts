import { ConcurrencyConflict, type TenantId } from '@perennial/values';
import type { ImportStatus, ImportStatuses } from '@perennial/importer';

/** Imports that are remembered in memory. */
export function fakeImportStatuses(): ImportStatuses {
  const all = new Map<string, ImportStatus>();
  return {
    find: (name) => Promise.resolve(all.get(name) ?? null),
    unfinished: (tenant) =>
      Promise.resolve(
        [...all]
          .filter(([, status]) => status.tenant === tenant && status.phase !== 'done')
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, status]) => ({ name, ...status })),
      ),
    update: (name, change) =>
      new Promise((resolve) => {
        const next = change(all.get(name) ?? null);
        all.set(name, next);
        resolve(next);
      }),
  };
}

const begun: ImportStatus = {
  tenant: 'acme' as TenantId,
  input: 'orders.csv',
  fingerprint: 'a1b2',
  ending: 'wall',
  newest: Date.UTC(1969, 6, 20, 20, 17, 40, 1),
  total: 10,
  acknowledged: 0,
  phase: 'prepare',
  startedBy: 'ada@host',
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
};

/** What an importer relies on; names of imports are of the suite's own. */
export function describeImportStatuses(open: () => ImportStatuses): void {
  describe('imports', () => {
    it('are remembered as they were said to be', async () => {
      const statuses = open();
      expect(await statuses.find('orders')).toBeNull();
      expect(await statuses.update('orders', () => begun)).toEqual(begun);
      expect(await statuses.find('orders')).toEqual(begun);
      const further = { ...begun, acknowledged: 7, phase: 'activities', ending: 'late' } as const;
      await statuses.update('orders', () => further);
      expect(await statuses.find('orders')).toEqual(further);
    });

    it('of an earlier release lack what it did not keep', async () => {
      const statuses = open();
      const old = { ...begun, fingerprint: null, newest: null, startedBy: null, startedAt: null };
      await statuses.update('old', () => old);
      expect(await statuses.find('old')).toEqual(old);
    });

    it('are listed by tenant as long as they are not done', async () => {
      const statuses = open();
      const tenant = 'bolt' as TenantId;
      await statuses.update('second', () => ({ ...begun, tenant }));
      await statuses.update('first', () => ({ ...begun, tenant, phase: 'live' }));
      await statuses.update('third', () => ({ ...begun, tenant, phase: 'done' }));
      const names = (await statuses.unfinished(tenant)).map(({ name, phase }) => [name, phase]);
      expect(names).toEqual([['first', 'live'], ['second', 'prepare']]); // prettier-ignore
    });

    it('are left as they are when the change throws', async () => {
      const statuses = open();
      await statuses.update('kept', () => begun);
      const refused = statuses.update('kept', () => {
        throw new ConcurrencyConflict('NO', 'no');
      });
      await expect(refused).rejects.toThrow('no');
      expect(await statuses.find('kept')).toEqual(begun);
    });

    it('lose no update when several come together', async () => {
      const statuses = open();
      await Promise.all(
        Array.from({ length: 5 }, () =>
          statuses.update('together', (current) => ({ ...begun, acknowledged: (current?.acknowledged ?? 0) + 1 })),
        ),
      );
      expect(await statuses.find('together')).toEqual({ ...begun, acknowledged: 5 });
    });
  });
}
