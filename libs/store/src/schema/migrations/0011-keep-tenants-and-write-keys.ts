import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only';

const tables = `
CREATE TABLE tenant (
  name text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
  created_at timestamptz NOT NULL,
  created_by text NOT NULL
);
COMMENT ON TABLE tenant IS 'Tenants that were created, in the database of partition 0; the log may know others.';

CREATE TABLE write_key (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL REFERENCES tenant,
  hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  label text,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  revoked_at timestamptz,
  revoked_by text,
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
COMMENT ON TABLE write_key IS 'Write keys of the collector, in the database of partition 0. Rows are never deleted, and a revoked key stays revoked: collectors see a change by the number of rows and of revoked rows.';
COMMENT ON COLUMN write_key.hash IS 'SHA-256 of the key as it is sent, which is nowhere else.';
`;

/** The tenant of a key without a colon has always been there. */
const defaultTenant = `INSERT INTO tenant (name, created_at, created_by) VALUES ('default', now(), 'perennial')`;

export class KeepTenantsAndWriteKeys implements MigrationInterface {
  readonly name = 'KeepTenantsAndWriteKeys0000000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(defaultTenant);
  }

  down = forwardOnly;
}
