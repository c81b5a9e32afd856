import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only';

const installation = `
CREATE TABLE installation (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  topic text NOT NULL,
  partitions integer NOT NULL,
  cluster text NOT NULL
);
COMMENT ON TABLE installation IS 'The log that all offsets and partition numbers of this database refer to.';
`;

export class RememberTheTopicLayout implements MigrationInterface {
  readonly name = 'RememberTheTopicLayout0000000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(installation);
  }

  down = forwardOnly;
}
