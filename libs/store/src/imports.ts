import { ConcurrencyConflict } from '@perennial/contracts';
import type { ImportStatus, ImportStatuses } from '@perennial/importer';
import type { Database } from './database';
import { type ImportRow, listUnfinishedImports, readImport, writeImport } from './sql/import-progress';
import { bind } from './statement';

const ATTEMPTS = 10;

/** How far imports are, each a row that is changed by compare-and-set. */
export function createImports(database: Database): ImportStatuses {
  const read = async (name: string): Promise<ImportRow | undefined> =>
    (await database.query(bind(readImport, name)))[0];
  return {
    find: async (name) => {
      const row = await read(name);
      return row === undefined ? null : statusOf(row);
    },
    unfinished: async (tenant) => {
      const rows = await database.query(bind(listUnfinishedImports, tenant));
      return rows.map((row) => ({ name: row.name, ...statusOf(row) }));
    },
    update: async (name, change) => {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const row = await read(name);
        const next = change(row === undefined ? null : statusOf(row));
        if ((await database.query(written(name, row?.revision ?? 0, next))).length === 1) return next;
      }
      const message = `Import "${name}" is changed by others all the time; make sure that it runs only once.`;
      throw new ConcurrencyConflict('STORE.IMPORT_CONTENDED', message);
    },
  };
}

function written(name: string, revision: number, status: ImportStatus) {
  const { tenant, input, fingerprint, ending, total, acknowledged, phase, startedBy, startedAt } = status;
  return bind(
    writeImport,
    ...([name, revision, tenant, input, fingerprint, ending, total, acknowledged, phase, startedBy, startedAt] as const),
  );
}

function statusOf({ tenant, input, fingerprint, ending, total, acknowledged, phase, startedBy, startedAt }: ImportRow): ImportStatus {
  return { tenant, input, fingerprint, ending, total, acknowledged, phase, startedBy, startedAt };
}
