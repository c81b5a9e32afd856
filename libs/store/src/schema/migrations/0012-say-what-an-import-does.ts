import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only';

/** Until now the only import was that of the sample, into the default tenant, whose clock stands at its end. */
const described = `
ALTER TABLE import_progress
  ADD COLUMN tenant text NOT NULL DEFAULT 'default',
  ADD COLUMN input text NOT NULL DEFAULT 'orders.sql',
  ADD COLUMN fingerprint text,
  ADD COLUMN ending text NOT NULL DEFAULT 'held',
  ADD COLUMN newest_at bigint,
  ADD COLUMN started_by text,
  ADD COLUMN started_at timestamptz;
ALTER TABLE import_progress ALTER COLUMN tenant DROP DEFAULT, ALTER COLUMN input DROP DEFAULT, ALTER COLUMN ending DROP DEFAULT;
COMMENT ON COLUMN import_progress.fingerprint IS 'Hash over all rows as they are sent; null: begun by a release that kept none.';
COMMENT ON COLUMN import_progress.newest_at IS 'Time of the newest row, in ms since 1970; null: begun by a release that kept none.';
COMMENT ON COLUMN import_progress.ending IS 'The clock of the tenant afterwards: wall, offset, held (stands at the end of history), late (as it was).';
`;

export class SayWhatAnImportDoes implements MigrationInterface {
  readonly name = 'SayWhatAnImportDoes0000000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(described);
  }

  down = forwardOnly;
}
