import { type OutRecord, type TimeSource } from '@perennial/contracts';
import { DEFAULT_TENANT } from '@perennial/values';
import type { Summary } from '@perennial/store';
import { fakeImportStatuses } from '@perennial/testing';
import type { Connection } from '../connection';
import { holdClock } from './main-job';

const END_OF_HISTORY = Date.UTC(2026, 0, 2);
const RUNS: TimeSource = { kind: 'offset', base: END_OF_HISTORY, from: END_OF_HISTORY, speed: 1 };

/** One partition, whose tenant `default` is on `source`. */
function anInstallation({ customers, source }: { readonly customers: number; readonly source: TimeSource }) {
  const sent: OutRecord[] = [];
  const producer = {
    connect: () => Promise.resolve(),
    send: (records: readonly OutRecord[]) => {
      sent.push(...records);
      return Promise.resolve([{ partition: 0, baseOffset: 0 }]);
    },
    close: () => Promise.resolve(),
  };
  const imports = fakeImportStatuses();
  const state = { tenant: DEFAULT_TENANT, source, newestAt: END_OF_HISTORY };
  const connection = {
    migrate: () => Promise.resolve(),
    imports,
    reports: {
      summary: () => Promise.resolve({ customers } as Summary),
      tenants: () => Promise.resolve([{ partition: 0, state, clockAt: null }]),
    },
    log: { producer: () => producer },
    signing: { sign: (record: OutRecord) => record },
    numbers: { next: () => Promise.resolve(1) },
    partitions: 1,
  } as unknown as Connection;
  return { connection, imports, sent };
}

describe('a clock that was left running', () => {
  it("is held where it is the sample's", async () => {
    const { connection, imports, sent } = anInstallation({ customers: 3, source: RUNS });
    await imports.update('online-retail', () => ({
      ...{ tenant: DEFAULT_TENANT, input: 'orders.sql', fingerprint: null, ending: 'held', phase: 'done' },
      ...{ total: 3, newest: null, acknowledged: 3, startedBy: null, startedAt: null },
    }));
    await holdClock(connection);
    expect(sent).toHaveLength(1);
    expect(Buffer.from(sent[0]?.value ?? []).toString()).toContain('"speed":0');
  });

  it('runs on where the customers are others: that is said before anything is sent', async () => {
    const { connection, sent } = anInstallation({ customers: 3, source: RUNS });
    await expect(holdClock(connection)).rejects.toThrow(
      "Tenant default has 3 customers that are not the sample's. Run the sample beside them with PERENNIAL_HOME",
    );
    expect(sent).toEqual([]);
  });

  it("is nobody's before the first run", async () => {
    const { connection, sent } = anInstallation({ customers: 0, source: RUNS });
    await holdClock(connection);
    expect(sent).toEqual([]);
  });
});
