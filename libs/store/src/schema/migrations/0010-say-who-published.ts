import type { MigrationInterface, QueryRunner } from 'typeorm';
import { parse } from 'yaml';
import { forwardOnly } from './forward-only';

const columns = `
ALTER TABLE tenant_definition ADD COLUMN author text, ADD COLUMN reason text, ADD COLUMN published_at bigint;
COMMENT ON COLUMN tenant_definition.author IS 'Null, as reason: the command says nothing of it.';
COMMENT ON COLUMN tenant_definition.published_at IS 'Append time of the command, in milliseconds; null: published before this was kept.';
`;

/** A partition's only definition of a tenant: all its customers are in it. */
const onlyOnes = `
SELECT d.partition, d.tenant, d.source, (
  SELECT sum(t.value)::bigint FROM partition_total t
  WHERE t.partition = d.partition AND t.tenant = d.tenant AND t.name LIKE 'stage:%'
) AS customers
FROM tenant_definition d
WHERE NOT EXISTS (
  SELECT FROM tenant_definition o WHERE o.partition = d.partition AND o.tenant = d.tenant AND o.place <> d.place
)`;

interface OnlyOne {
  readonly partition: number;
  readonly tenant: string;
  /** YAML. */
  readonly source: string;
  /** As PostgreSQL writes a bigint; null: none was ever counted. */
  readonly customers: string | null;
}

/**
 * Who published a definition, why and when; and the running total of customers in each version. Customers of a tenant with
 * several versions in one partition are not counted for what was before: no tool of the releases before could publish a second one.
 */
export class SayWhoPublished implements MigrationInterface {
  readonly name = 'SayWhoPublished0000000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(columns);
    for (const { partition, tenant, source, customers } of (await runner.query(onlyOnes)) as readonly OnlyOne[]) {
      const version = versionOf(source);
      if (customers === null || version === null) continue;
      await runner.query('INSERT INTO partition_total (partition, tenant, name, value) VALUES ($1, $2, $3, $4)', [
        partition,
        tenant,
        `definition:${version}`,
        customers,
      ]);
    }
  }

  down = forwardOnly;
}

/** Read as YAML, not compiled: the rules of definitions change from release to release, this migration does not. */
function versionOf(source: string): number | null {
  try {
    const { version } = parse(source) as { readonly version?: unknown };
    return typeof version === 'number' ? version : null;
  } catch {
    return null;
  }
}
