import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only';

const table = `
CREATE TABLE state_log (
  partition integer NOT NULL,
  first_offset bigint NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (partition, first_offset)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
        toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000);
ALTER TABLE state_log ALTER COLUMN bytes SET STORAGE EXTERNAL;
COMMENT ON TABLE state_log IS 'States that micro-batches changed and that are not in customer_state yet, newest last.';
`;

/** The rows of a partition hold all that came before the oldest row of its log, or before its progress when that is empty. */
const freshness = `
CREATE VIEW partition_freshness AS
SELECT partition, next_offset,
       coalesce((SELECT min(first_offset) FROM state_log l WHERE l.partition = p.partition), next_offset) AS fresh_through
FROM partition_progress p;
COMMENT ON VIEW partition_freshness IS 'How fresh the rows of customer_state are: they show all inputs before fresh_through, and perhaps later ones.';

CREATE OR REPLACE VIEW customer AS
SELECT split_part(key, ':', 1) AS tenant, substr(key, strpos(key, ':') + 1) AS customer, stage, partition, version, fresh_through
FROM customer_state JOIN partition_freshness USING (partition);
COMMENT ON VIEW customer IS 'Where each customer stands, for reading in SQL; version is the offset of the input that changed it last; all inputs of its partition before offset fresh_through are in it.';
`;

export class LogStatesBeforeRows implements MigrationInterface {
  readonly name = 'LogStatesBeforeRows0000000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(table);
    await runner.query(freshness);
  }

  down = forwardOnly;
}
