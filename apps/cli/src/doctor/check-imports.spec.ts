import { DEFAULT_TENANT, type TenantId } from '@perennial/values';
import type { ImportStatus } from '@perennial/importer';
import type { Reports, Tenants } from '@perennial/store';
import { fakeImportStatuses } from '@perennial/testing';
import { checkImports } from './check-imports';

const acme = 'acme' as TenantId;

const begun: ImportStatus = {
  ...{ tenant: acme, input: 'orders.csv', fingerprint: 'a1', ending: 'offset', phase: 'activities' },
  ...{
    total: 22_094,
    newest: null,
    acknowledged: 4_000,
    startedBy: 'ada@host',
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  },
};

/** Tenant `default` was created; `acme` is known from the log, in two partitions. */
async function look(imports: Readonly<Record<string, ImportStatus>>, bootstrap: 'all' | 'off' = 'all') {
  const statuses = fakeImportStatuses();
  for (const [name, status] of Object.entries(imports)) await statuses.update(name, () => status);
  const row = { state: { tenant: acme, bootstrap: { kind: bootstrap } } };
  return checkImports({
    imports: statuses,
    reports: { tenants: () => Promise.resolve([row, row]) } as unknown as Reports,
    tenants: { all: () => Promise.resolve([{ name: DEFAULT_TENANT }]) } as unknown as Tenants,
  });
}

describe('the doctor', () => {
  it('says what an import that is not done means, and both ways on', async () => {
    expect(await look({ orders: begun })).toEqual([
      {
        check: 'imports',
        state: 'todo',
        found:
          'orders of orders.csv into tenant acme (begun by ada@host at 2026-01-02T03:04:05.678Z) is not done: 4,000 of 22,094 ' +
          'activities are in the log (phase activities); until it is, no deadline of the tenant fires by itself, and facts are marked history',
        remedy:
          'Unless it runs now: type its command again, which goes on where it was, or give it up: perennial import --name orders --give-up',
      },
    ]);
  });

  it('says no more than is known of an import that has hardly begun', async () => {
    const early = { ...begun, phase: 'prepare', acknowledged: 0, startedBy: null, startedAt: null } as const;
    expect(await look({ 'all orders': early }, 'off')).toMatchObject([
      {
        found: 'all orders of orders.csv into tenant acme is not done: no activity was sent yet (phase prepare)',
        remedy: expect.stringContaining('--name "all orders" --give-up') as string,
      },
    ]);
  });

  it('names the command of the sample', async () => {
    const sample = { ...begun, tenant: DEFAULT_TENANT, ending: 'held' } as const;
    expect(await look({ 'online-retail': sample })).toMatchObject([
      { state: 'todo', remedy: 'Unless it runs now: npm start goes on where it was.' },
    ]);
  });

  it('has nothing to say of imports that are done', async () => {
    expect(await look({ orders: { ...begun, phase: 'done' } })).toMatchObject([{ check: 'imports', state: 'ok' }]);
  });
});
