import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only';

const tables = `
CREATE TABLE partition_progress (
  partition integer PRIMARY KEY,
  epoch bigint NOT NULL,
  next_offset bigint NOT NULL,
  owner text NOT NULL,
  claimed_at timestamptz NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE customer_state (
  partition integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  stage text NOT NULL,
  version bigint NOT NULL,
  packed bytea NOT NULL,
  PRIMARY KEY (partition, key)
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

CREATE TABLE deadline (
  partition integer NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  due bigint NOT NULL,
  PRIMARY KEY (partition, key)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX deadline_due ON deadline (partition, tenant, due, key);

CREATE TABLE outbox (
  partition integer NOT NULL,
  first_offset bigint NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (partition, first_offset)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
        toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000);
ALTER TABLE outbox ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE partition_tenant (
  partition integer NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  state json NOT NULL,
  PRIMARY KEY (partition, tenant)
) WITH (fillfactor = 50);

CREATE TABLE partition_total (
  partition integer NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (partition, tenant, name)
) WITH (fillfactor = 50);
`;

const comments = `
COMMENT ON TABLE partition_progress IS 'What of the activity topic is processed, and who may go on: older epochs are fenced.';
COMMENT ON TABLE customer_state IS 'One row per customer; packed by the engine. No index on a column that changes per event: it would end HOT updates.';
COMMENT ON TABLE deadline IS 'The earliest deadline of each customer; due in milliseconds of the tenant''s time.';
COMMENT ON TABLE outbox IS 'Facts of one micro-batch, committed and perhaps not yet published.';
COMMENT ON COLUMN partition_tenant.state IS 'json, not jsonb: a definition may hold any character that YAML allows, U+0000 as escape included.';
COMMENT ON TABLE partition_total IS 'Running totals, by name as the engine calls them.';
`;

const view = `
CREATE VIEW customer AS
SELECT split_part(key, ':', 1) AS tenant, substr(key, strpos(key, ':') + 1) AS customer, stage, partition, version
FROM customer_state;
COMMENT ON VIEW customer IS 'Where each customer stands, for reading in SQL; version is the offset of the input that changed it last.';
`;

export class HoldWhatTheEngineCommits implements MigrationInterface {
  readonly name = 'HoldWhatTheEngineCommits0000000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(comments);
    await runner.query(view);
  }

  down = forwardOnly;
}
