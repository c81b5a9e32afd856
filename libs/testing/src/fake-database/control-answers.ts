/** Answers to the hot statements for what commands and clock records set. */
import type { HotAnswers } from '@perennial/store';
import { type ClockRow, inOrder } from './tables';
import type { Transaction } from './transaction';

export const control: Pick<
  HotAnswers<Transaction>,
  | 'writeTenants'
  | 'writeDefinitions'
  | 'writeTenantClocks'
  | 'readTenants'
  | 'readClocks'
  | 'readCommands'
  | 'writeClocks'
  | 'writeCommands'
  | 'forgetCommands'
> = {
  writeTenants: (transaction, partition, tenants, sources, bootstraps) => {
    const { tenantSettings } = transaction.tables(partition);
    tenants.forEach((tenant, row) => {
      const setting = { source: sources[row] ?? 'null', bootstrap: bootstraps[row] ?? 'null' };
      transaction.set(tenantSettings, tenant, setting);
    });
    return [];
  },
  /** Places count within the statement, behind what was stored before it. */
  writeDefinitions: (transaction, partition, tenants, places, sources, authors, reasons, publishedAt) => {
    const tables = transaction.tables(partition);
    const stored = new Map(tenants.map((tenant) => [tenant, tables.definitionsOf(tenant).length]));
    tenants.forEach((tenant, row) => {
      const place = (places[row] ?? 0) + (stored.get(tenant) ?? 0);
      transaction.insert(tables.definitions, `${tenant}:${place}`, {
        tenant,
        place,
        source: sources[row] ?? 'null',
        author: authors[row] ?? null,
        reason: reasons[row] ?? null,
        publishedAt: publishedAt[row] ?? null,
      });
    });
    return [];
  },
  writeTenantClocks: (transaction, partition, tenants, newest) => {
    const { tenantClocks } = transaction.tables(partition);
    tenants.forEach((tenant, row) => {
      transaction.set(tenantClocks, tenant, newest[row] ?? 0);
    });
    return [];
  },
  readTenants: (transaction, partition) => [...transaction.tables(partition).tenants.values()],
  readClocks: (transaction, partition) => [...transaction.tables(partition).clocks.values()],
  readCommands: (transaction, partition) =>
    inOrder(transaction.tables(partition).commands).map(([number]) => ({ number })),
  writeClocks: (transaction, partition, processors, tenants, epochs, counters, ats) => {
    const { clocks } = transaction.tables(partition);
    processors.forEach((processor, row) => {
      const tenant = tenants[row] ?? '';
      transaction.set(clocks, `${processor}:${tenant}`, {
        processor: processor as ClockRow['processor'],
        tenant,
        epoch: epochs[row] ?? 0,
        counter: counters[row] ?? 0,
        at: ats[row] ?? null,
      });
    });
    return [];
  },
  writeCommands: (transaction, partition, numbers) => {
    for (const number of numbers) transaction.insert(transaction.tables(partition).commands, number, 'obeyed');
    return [];
  },
  forgetCommands: (transaction, partition, below) => {
    const { commands } = transaction.tables(partition);
    for (const number of [...commands.keys()]) if (number < below) transaction.delete(commands, number);
    return [];
  },
};
