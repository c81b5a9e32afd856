import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only';

const resolutions = `
CREATE TABLE dead_letter_resolution (
  partition integer NOT NULL,
  source_offset bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('replaying', 'replayed', 'dropped')),
  reason text CHECK ((state = 'dropped') = (reason IS NOT NULL)),
  resolved_by text NOT NULL,
  resolved_at timestamptz NOT NULL,
  attempt integer NOT NULL,
  sent_after bigint,
  PRIMARY KEY (partition, source_offset)
) WITH (fillfactor = 50);
COMMENT ON TABLE dead_letter_resolution IS 'What operators did with dead letters, by the position of the record in the activity topic.';
COMMENT ON COLUMN dead_letter_resolution.state IS 'replaying: begun; whether it was sent can be found in the log from sent_after on.';
COMMENT ON COLUMN dead_letter_resolution.sent_after IS 'End of the target partition when the first attempt began.';
`;

export class RememberDeadLettersSettled implements MigrationInterface {
  readonly name = 'RememberDeadLettersSettled0000000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(resolutions);
  }

  down = forwardOnly;
}
