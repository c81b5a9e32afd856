import { ConcurrencyConflict, type TenantId } from '@perennial/values';
import type { Ending, ImportPhase, ImportStatus, ImportStatuses } from '@perennial/importer';
import { Not, type Repository } from 'typeorm';
import type { Database } from '../postgres/database';
import { now, type ImportProgressRow, ImportProgressTable } from '../schema/entities';

const ATTEMPTS = 10;

/** How far imports are, each a row that is changed by compare-and-set. */
export function createImports({ cold }: Database): ImportStatuses {
  return {
    find: (name) =>
      cold.table(ImportProgressTable, async (rows) => {
        const row = await rows.findOneBy({ name });
        return row === null ? null : statusOf(row);
      }),
    unfinished: (tenant) =>
      cold.table(ImportProgressTable, async (rows) => {
        const found = await rows.find({ where: { tenant, phase: Not('done') }, order: { name: 'ASC' } });
        return found.map((row) => ({ name: row.name, ...statusOf(row) }));
      }),
    update: (name, change) =>
      cold.table(ImportProgressTable, async (rows) => {
        for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
          const row = await rows.findOneBy({ name });
          const next = change(row === null ? null : statusOf(row));
          if (await writeUnlessChanged(rows, name, next, row?.revision ?? 0)) return next;
        }
        const message = `Import "${name}" is changed by others all the time; make sure that it runs only once.`;
        throw new ConcurrencyConflict('STORE.IMPORT_CONTENDED', message);
      }),
  };
}

/** Compare-and-set on the revision that was read (0: there was no row), one statement. */
async function writeUnlessChanged(
  rows: Repository<ImportProgressRow>,
  name: string,
  status: ImportStatus,
  revision: number,
): Promise<boolean> {
  const next = { ...status, revision: revision + 1, updatedAt: now };
  if (revision > 0) return (await rows.update({ name, revision }, next)).affected === 1;
  const insert = rows
    .createQueryBuilder()
    .insert()
    .values({ name, ...next });
  const result: { readonly raw: unknown } = await insert.orIgnore().returning('name').updateEntity(false).execute();
  return (result.raw as unknown[]).length === 1;
}

/** Casts without checks: only this file writes these rows. */
function statusOf(row: ImportProgressRow): ImportStatus {
  const { input, fingerprint, newest, total, acknowledged, startedBy, startedAt } = row;
  return {
    ...{ input, fingerprint, newest, total, acknowledged, startedBy, startedAt },
    tenant: row.tenant as TenantId,
    ending: row.ending as Ending,
    phase: row.phase as ImportPhase,
  };
}
