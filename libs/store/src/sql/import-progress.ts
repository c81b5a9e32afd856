import type { ImportStatus } from '@perennial/importer';
import type { Statement } from '../statement';

export type ImportRow = ImportStatus & {
  readonly name: string;
  readonly revision: number;
};

const COLUMNS = `name, tenant, input, fingerprint, ending, total, acknowledged, phase, started_by AS "startedBy",
  (extract(epoch FROM started_at) * 1000)::bigint AS "startedAt", revision`;

/** No lock. Plan: primary key. */
export const readImport: Statement<[name: string], ImportRow> = {
  name: 'read-import',
  text: `SELECT ${COLUMNS} FROM import_progress WHERE name = $1`,
};

/** No lock. Plan: the small table, whole. */
export const listUnfinishedImports: Statement<[tenant: string], ImportRow> = {
  name: 'list-unfinished-imports',
  text: `SELECT ${COLUMNS} FROM import_progress WHERE tenant = $1 AND phase <> 'done' ORDER BY name`,
};

/** Locks the row; none is returned when somebody else has written since the revision was read (0: there was no row). Plan: primary key. */
export const writeImport: Statement<
  [
    name: string,
    readRevision: number,
    tenant: string,
    input: string,
    fingerprint: string | null,
    ending: string,
    total: number,
    acknowledged: number,
    phase: string,
    startedBy: string | null,
    startedAt: number | null,
  ],
  { readonly revision: number }
> = {
  name: 'write-import',
  text: `
INSERT INTO import_progress AS i
  (name, revision, tenant, input, fingerprint, ending, total, acknowledged, phase, started_by, started_at, updated_at)
VALUES ($1, $2::bigint + 1, $3, $4, $5, $6, $7, $8, $9, $10, to_timestamp($11::double precision / 1000), now())
ON CONFLICT (name) DO UPDATE
SET revision = excluded.revision, tenant = excluded.tenant, input = excluded.input, fingerprint = excluded.fingerprint,
    ending = excluded.ending, total = excluded.total, acknowledged = excluded.acknowledged, phase = excluded.phase,
    started_by = excluded.started_by, started_at = excluded.started_at, updated_at = excluded.updated_at
WHERE i.revision = $2
RETURNING revision`,
};
