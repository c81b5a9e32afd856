import { ConcurrencyConflict } from '@perennial/contracts';
import type { Repository } from 'typeorm';
import { now } from './cold/columns';
import { type ImportProgressRow, ImportProgressTable } from './cold/import-progress';
import type { Database } from './database';

/** How far an import is. */
export interface ImportProgress {
  /** Records to send. */
  readonly total: number;
  /** Records the log has acknowledged. */
  readonly acknowledged: number;
  /** The importer's own name of what it does at the moment. */
  readonly phase: string;
}

export interface Imports {
  /** Null before the first update. */
  progress(name: string): Promise<ImportProgress | null>;
  /**
   * Changes it, and returns what it is now. `change` is called again when somebody else came in between, so it only
   * computes. After a `RetryableError` the update may have happened: let `change` set values rather than add to them.
   */
  update(name: string, change: (current: ImportProgress | null) => ImportProgress): Promise<ImportProgress>;
}

const ATTEMPTS = 10;

export function createImports({ cold }: Database): Imports {
  return {
    progress: (name) =>
      cold.table(ImportProgressTable, async (rows) => withoutRevision(await rows.findOneBy({ name }))),
    update: (name, change) =>
      cold.table(ImportProgressTable, async (rows) => {
        for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
          const row = await rows.findOneBy({ name });
          const next = change(withoutRevision(row));
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
  { total, acknowledged, phase }: ImportProgress,
  revision: number,
): Promise<boolean> {
  const next = { total, acknowledged, phase, revision: revision + 1, updatedAt: now };
  if (revision > 0) return (await rows.update({ name, revision }, next)).affected === 1;
  const insert = rows
    .createQueryBuilder()
    .insert()
    .values({ name, ...next });
  const result: { readonly raw: unknown } = await insert.orIgnore().returning('name').updateEntity(false).execute();
  return (result.raw as unknown[]).length === 1;
}

function withoutRevision(row: ImportProgressRow | null): ImportProgress | null {
  return row === null ? null : { total: row.total, acknowledged: row.acknowledged, phase: row.phase };
}
