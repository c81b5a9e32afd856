import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only';

/** A database of an older release holds all partitions. */
const group = `
ALTER TABLE installation ADD COLUMN first_partition integer NOT NULL DEFAULT 0, ADD COLUMN last_partition integer;
UPDATE installation SET last_partition = partitions - 1;
ALTER TABLE installation ALTER COLUMN first_partition DROP DEFAULT, ALTER COLUMN last_partition SET NOT NULL;
COMMENT ON COLUMN installation.first_partition IS 'This database holds the partitions from here to last_partition; others hold the others.';
`;

export class RememberThePartitionGroup implements MigrationInterface {
  readonly name = 'RememberThePartitionGroup0000000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(group);
  }

  down = forwardOnly;
}
