import type { Statement } from '../statement';

export interface ImportRow {
  readonly total: number;
  readonly acknowledged: number;
  readonly phase: string;
  readonly revision: number;
}

/** No lock. Plan: primary key. */
export const readImport: Statement<[name: string], ImportRow> = {
  name: 'read-import',
  text: 'SELECT total, acknowledged, phase, revision FROM import_progress WHERE name = $1',
};

/** Locks the row; none is returned when somebody else has written since the revision was read (0: there was no row). Plan: primary key. */
export const writeImport: Statement<
  [name: string, total: number, acknowledged: number, phase: string, readRevision: number],
  { readonly revision: number }
> = {
  name: 'write-import',
  text: `
INSERT INTO import_progress AS i (name, total, acknowledged, phase, revision, updated_at)
VALUES ($1, $2, $3, $4, $5::bigint + 1, now())
ON CONFLICT (name) DO UPDATE
SET total = excluded.total, acknowledged = excluded.acknowledged, phase = excluded.phase,
    revision = excluded.revision, updated_at = excluded.updated_at
WHERE i.revision = $5
RETURNING revision`,
};
