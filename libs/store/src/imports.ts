import { ConcurrencyConflict } from '@perennial/contracts';
import type { Database } from './database';
import { readImport, writeImport, type ImportRow } from './sql/import-progress';
import { bind } from './statement';

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

export function createImports(database: Database): Imports {
  const read = async (name: string): Promise<ImportRow | undefined> =>
    (await database.query(bind(readImport, name)))[0];
  return {
    progress: async (name) => withoutRevision(await read(name)),
    update: async (name, change) => {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const row = await read(name);
        const next = change(withoutRevision(row));
        const values = [name, next.total, next.acknowledged, next.phase, row?.revision ?? 0] as const;
        if ((await database.query(bind(writeImport, ...values))).length === 1) return next;
      }
      const message = `Import "${name}" is changed by others all the time; make sure that it runs only once.`;
      throw new ConcurrencyConflict('STORE.IMPORT_CONTENDED', message);
    },
  };
}

function withoutRevision(row: ImportRow | undefined): ImportProgress | null {
  return row === undefined ? null : { total: row.total, acknowledged: row.acknowledged, phase: row.phase };
}
