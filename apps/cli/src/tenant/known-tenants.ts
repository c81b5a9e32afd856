import { nearestName } from '@perennial/config';
import { type Instant, InvalidInput, type TenantId } from '@perennial/values';
import type { Connection } from '../connection';

/** A tenant that was created, or that the log has named. */
export interface KnownTenant {
  readonly name: TenantId;
  /** Null: only the log has named it. */
  readonly created: { readonly at: Instant; readonly by: string } | null;
  readonly customers: number;
  /** Write keys in force; those of a file are not among them. */
  readonly writeKeys: number;
}

/** All of them, by name. */
export async function knownTenants({
  tenants,
  reports,
  writeKeys,
}: Pick<Connection, 'tenants' | 'reports' | 'writeKeys'>): Promise<readonly KnownTenant[]> {
  const created = new Map((await tenants.all()).map(({ name, createdAt: at, createdBy: by }) => [name, { at, by }]));
  const inLog = (await reports.tenants()).map(({ state }) => state.tenant);
  const customers = await reports.customersByTenant();
  const inForce = (await writeKeys.list(null)).filter(({ revoked }) => revoked === null);
  return [...new Set([...created.keys(), ...inLog, ...customers.keys()])].sort().map((name) => ({
    name,
    created: created.get(name) ?? null,
    customers: customers.get(name) ?? 0,
    writeKeys: inForce.filter(({ tenant }) => tenant === name).length,
  }));
}

/** The tenant of that name. Throws `InvalidInput` where there is none, with the name that was perhaps meant. */
export async function findTenant(
  connection: Pick<Connection, 'tenants' | 'reports' | 'writeKeys'>,
  name: TenantId,
): Promise<KnownTenant> {
  const all = await knownTenants(connection);
  const found = all.find((tenant) => tenant.name === name);
  if (found !== undefined) return found;
  const near = nearestName(
    name,
    all.map((tenant) => tenant.name),
  );
  throw new InvalidInput(
    'CLI.NO_TENANT',
    `There is no tenant ${name}.${near === null ? '' : ` Did you mean ${near}?`} \`perennial tenant list\` shows all; \`perennial tenant create\` makes one.`,
  );
}
