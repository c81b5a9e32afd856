import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only';

const importProgress = `
CREATE TABLE import_progress (
  name text PRIMARY KEY,
  total bigint NOT NULL,
  acknowledged bigint NOT NULL,
  phase text NOT NULL,
  revision bigint NOT NULL,
  updated_at timestamptz NOT NULL
) WITH (fillfactor = 50);
COMMENT ON COLUMN import_progress.revision IS 'Counts updates; compared before each, so that none is lost.';
`;

export class TrackImports implements MigrationInterface {
  readonly name = 'TrackImports0000000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(importProgress);
  }

  down = forwardOnly;
}
