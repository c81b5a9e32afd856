import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only';

const tables = `
CREATE TABLE tenant_definition (
  partition integer NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  place integer NOT NULL,
  source json NOT NULL,
  PRIMARY KEY (partition, tenant, place)
);
COMMENT ON TABLE tenant_definition IS 'Published definitions, oldest first by place from 0. Written once, read by claims.';
COMMENT ON COLUMN tenant_definition.source IS 'A string of YAML, as JSON.';

CREATE TABLE tenant_clock (
  partition integer NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  newest_at bigint NOT NULL,
  PRIMARY KEY (partition, tenant)
) WITH (fillfactor = 50);
COMMENT ON TABLE tenant_clock IS 'The newest event time taken of offset tenants, in milliseconds: written with many micro-batches, so apart from what commands set.';

CREATE TABLE partition_clock (
  partition integer NOT NULL,
  processor text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  epoch bigint NOT NULL,
  counter bigint NOT NULL,
  at bigint,
  PRIMARY KEY (partition, processor, tenant)
) WITH (fillfactor = 50);
COMMENT ON TABLE partition_clock IS 'The newest clock record of each processor: a clock record writes one row of it, however many tenants live by it.';
COMMENT ON COLUMN partition_clock.tenant IS 'Empty: all live tenants, and at is wall time.';

CREATE TABLE partition_command (
  partition integer NOT NULL,
  number bigint NOT NULL,
  PRIMARY KEY (partition, number)
);
COMMENT ON TABLE partition_command IS 'Numbers of the last 1,000 commands of a partition: none of them is obeyed again.';

CREATE TABLE signed_number (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  last bigint NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE signed_number IS 'The number that was drawn last for a command or an importer, in the database of partition 0.';
`;

/** What was in one row of JSON; the clock of a tenant in time of its own, or in an offset, as that of an importer before all others. */
const carryOver = `
INSERT INTO tenant_definition (partition, tenant, place, source)
SELECT partition, tenant, d.place - 1, d.source
FROM partition_tenant, json_array_elements(state -> 'definitions') WITH ORDINALITY AS d(source, place);

INSERT INTO tenant_clock (partition, tenant, newest_at)
SELECT partition, tenant, (state ->> 'newestAt')::bigint FROM partition_tenant WHERE state ->> 'newestAt' IS NOT NULL;

INSERT INTO partition_clock (partition, processor, tenant, epoch, counter, at)
SELECT partition, 'importer', tenant, 0, 0, (state ->> 'clockAt')::bigint FROM partition_tenant
WHERE state ->> 'clockAt' IS NOT NULL AND state -> 'source' ->> 'kind' <> 'wall';

ALTER TABLE partition_tenant ADD COLUMN source json, ADD COLUMN bootstrap json;
UPDATE partition_tenant SET source = state -> 'source', bootstrap = state -> 'bootstrap';
ALTER TABLE partition_tenant ALTER COLUMN source SET NOT NULL, ALTER COLUMN bootstrap SET NOT NULL, DROP COLUMN state;
COMMENT ON TABLE partition_tenant IS 'What commands set for a tenant, as each partition has read them. json, not jsonb: kept as written.';
`;

export class KeepClocksApartFromDefinitions implements MigrationInterface {
  readonly name = 'KeepClocksApartFromDefinitions0000000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(carryOver);
  }

  down = forwardOnly;
}
