import { type TimeSource } from '@perennial/contracts';
import { DEFAULT_TENANT, type TenantId } from '@perennial/values';
import type { ImportStatus } from '@perennial/importer';
import type { Inspection, Reports } from '@perennial/store';
import { fakeImportStatuses } from '@perennial/testing';
import { checkDeadlines } from './check-deadlines';

const NOW = Date.UTC(2026, 5, 1);
const acme = 'acme' as TenantId;
const SAMPLE: ImportStatus = {
  ...{ tenant: DEFAULT_TENANT, input: 'orders.sql', fingerprint: 'a1', ending: 'held', phase: 'done' },
  ...{ total: 1, newest: null, acknowledged: 1, startedBy: null, startedAt: null },
};
const standing: TimeSource = { kind: 'offset', base: NOW, from: NOW, speed: 0 };

/** Two partitions, in each of which the tenant's earliest deadline was due a minute ago. */
async function look(tenant: TenantId, source: TimeSource, sample: ImportStatus | null) {
  const imports = fakeImportStatuses();
  if (sample !== null) await imports.update('online-retail', () => sample);
  const rows = [0, 1].map((partition) => ({ partition, state: { tenant, source, bootstrap: { kind: 'off' } } }));
  const inspection = { earliest: () => Promise.resolve(new Map([[tenant, NOW - 60_000]])) };
  return checkDeadlines(
    {
      imports,
      reports: { tenants: () => Promise.resolve(rows) } as unknown as Reports,
      inspection: inspection as unknown as Inspection,
    },
    NOW,
  );
}

const STANDS = {
  check: 'deadlines',
  state: 'todo',
  found: expect.stringContaining('stands (offset, speed 0): none of its deadlines comes') as string,
};

describe('the doctor', () => {
  it('says once that the clock of a tenant stands', async () => {
    expect(await look(acme, standing, SAMPLE)).toMatchObject([{ state: 'ok' }, STANDS]);
    expect(await look(DEFAULT_TENANT, standing, null)).toMatchObject([{ state: 'ok' }, STANDS]);
  });

  it("finds nothing in the sample's, which stands unless npm start is live", async () => {
    expect(await look(DEFAULT_TENANT, standing, SAMPLE)).toMatchObject([{ state: 'ok' }]);
  });

  it('finds deadlines that are overdue by wall time, at whatever speed', async () => {
    const late = [{ state: 'wrong', found: 'the oldest is 60 s overdue (tenant acme, partition 0)' }];
    expect(await look(acme, { kind: 'wall' }, null)).toMatchObject(late);
    expect(await look(acme, { ...standing, speed: 1 }, null)).toMatchObject(late);
    expect(await look(acme, { ...standing, speed: 4 }, null)).toMatchObject([{ state: 'ok' }]);
  });
});
