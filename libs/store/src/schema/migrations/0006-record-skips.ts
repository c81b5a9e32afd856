import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only';

const skips = `
CREATE TABLE partition_skip (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  partition integer NOT NULL,
  from_offset bigint NOT NULL,
  to_offset bigint NOT NULL CHECK (to_offset > from_offset),
  reason text NOT NULL CHECK (reason <> ''),
  skipped_by text NOT NULL,
  skipped_at timestamptz NOT NULL
);
COMMENT ON TABLE partition_skip IS 'Offsets [from_offset, to_offset) that an operator let the engine pass over, unread.';
`;

export class RecordSkips implements MigrationInterface {
  readonly name = 'RecordSkips0000000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(skips);
  }

  down = forwardOnly;
}
