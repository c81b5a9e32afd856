import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only';

/** An owner of an older release never gives back: its successor waits out the lease, which is safe. */
const released = `
ALTER TABLE partition_progress ADD COLUMN released boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN partition_progress.released IS 'The owner has given the partition back; the next one need not wait out its lease.';
`;

export class GivePartitionsBack implements MigrationInterface {
  readonly name = 'GivePartitionsBack0000000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(released);
  }

  down = forwardOnly;
}
