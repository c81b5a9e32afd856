import { DEFAULT_TENANT, InvalidInput, type TenantId } from '@perennial/values';
import type { Connection } from '../connection';
import type { TenantDefinitions } from './describe-versions';
import { newestOf, type Version, versionsOf } from './versions';
import { publishCommand, tenantFlag, tenantsWithout } from './without-definition';

type Parts = Pick<Connection, 'reports' | 'tenants' | 'published' | 'partitions'>;

/** What each tenant has in service, in order of tenants; those without a definition as well. `only`: null for all tenants. */
export async function definitionsOf(connection: Parts, only: TenantId | null): Promise<readonly TenantDefinitions[]> {
  const { published, reports, partitions } = connection;
  const definitions = await published.of(only);
  const having = definitions.map(({ tenant }) => tenant);
  const tenants = only === null ? [...new Set([...having, ...(await tenantsWithout(connection))])].sort() : [only];
  return Promise.all(
    tenants.map(async (tenant) => ({
      tenant,
      versions: await versionsOf(definitions.filter((definition) => definition.tenant === tenant)),
      customers: await reports.customersByVersion(tenant),
      partitions,
    })),
  );
}

/** The version that `NAME` or `NAME@VERSION` names: without a version the newest. Throws `InvalidInput` with what there is. */
export async function findVersion(
  connection: Parts,
  named: string,
  tenant: TenantId,
): Promise<{ readonly found: Version; readonly of: TenantDefinitions }> {
  const all = await definitionsOf(connection, null);
  const of = all.find((one) => one.tenant === tenant);
  const newest = of === undefined ? null : newestOf(of.versions);
  if (of === undefined || newest === null) throw noDefinition(tenant, all);
  const [, name = named, number] = /^(.*)@(\d{1,15})$/.exec(named) ?? [];
  const version = number === undefined ? newest.version : Number(number);
  const found = of.versions.find((one) => one.name === name && one.version === version);
  if (found !== undefined) return { found, of };
  const there = of.versions.map((one) => `${one.name}@${one.version}`).join(', ');
  throw new InvalidInput('CLI.NO_SUCH_DEFINITION', `Tenant ${tenant} has no ${named}. There is: ${there}.`);
}

function noDefinition(tenant: TenantId, all: readonly TenantDefinitions[]): InvalidInput {
  const others = all.filter(({ versions }) => versions.length > 0).map((one) => one.tenant);
  const remedy =
    others.length === 0
      ? `Put one into service: ${publishCommand(tenant)}`
      : `Tenants that have one: ${others.map((other) => (other === DEFAULT_TENANT ? other : tenantFlag(other).trim())).join(', ')}.`;
  return new InvalidInput('CLI.NO_DEFINITION', `Tenant ${tenant} has no definition. ${remedy}`);
}
