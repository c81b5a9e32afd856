import { DEFAULT_TENANT, type TenantId } from '@perennial/values';
import type { Connection } from '../connection';

/** The command that puts a definition into service, to be typed. */
export const publishCommand = (tenant: TenantId): string =>
  `perennial definition publish FILE --reason TEXT${tenantFlag(tenant)}`;

/** ` --tenant NAME`, quoted where a shell asks for it; nothing for the default tenant. */
export const tenantFlag = (tenant: TenantId): string =>
  tenant === DEFAULT_TENANT ? '' : ` --tenant ${asArgument(tenant)}`;

/** As it is typed: quoted where a shell asks for it. */
export const asArgument = (text: string): string => (/^[\w.-]+$/.test(text) ? text : JSON.stringify(text));

/**
 * The tenants, created or known from the log, that have no definition in any partition. The default tenant is one of them while
 * nothing at all is in service: it is whom activities without a tenant belong to.
 */
export async function tenantsWithout({
  reports,
  tenants,
  published,
}: Pick<Connection, 'reports' | 'tenants' | 'published'>): Promise<readonly TenantId[]> {
  const having = new Set((await published.of(null)).map(({ tenant }) => tenant));
  const created = (await tenants.all()).map(({ name }) => name).filter((name) => name !== DEFAULT_TENANT);
  const inLog = (await reports.tenants()).map(({ state }) => state.tenant);
  const known = new Set([...created, ...inLog, ...(having.size === 0 ? [DEFAULT_TENANT] : [])]);
  return [...known].filter((tenant) => !having.has(tenant)).sort();
}

/** What a tenant without a definition means, and what to type. */
export const withoutDefinition = (tenant: TenantId): readonly string[] => [
  `Tenant ${tenant} has no definition yet: its activities are set aside as dead letters. Put one into service:`,
  `  ${publishCommand(tenant)}`,
  '  perennial definition templates            lists some to start from',
];
