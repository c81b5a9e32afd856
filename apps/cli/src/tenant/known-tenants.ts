import { nearestName } from '@perennial/config';
import { formatInstant, type Instant, InvalidInput, type TenantId } from '@perennial/values';
import type { TimeSource } from '@perennial/contracts';
import type { Summary, WriteKey } from '@perennial/store';
import { inColumns } from '@perennial/command-line';
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

/** Everything that `tenant show` tells. */
export interface TenantView extends KnownTenant {
  readonly stages: Summary['stages'];
  /** The newest definition, and how many are published; null: none. */
  readonly definition: { readonly name: string; readonly version: number; readonly published: number } | null;
  /** Null: the log has not named the tenant. */
  readonly time: { readonly source: TimeSource['kind']; readonly bootstrap: boolean } | null;
  readonly keys: readonly WriteKey[];
}

/** Lines of `tenant list`. */
export function listTenants(tenants: readonly KnownTenant[]): readonly string[] {
  return inColumns(
    tenants.map((tenant) => [
      tenant.name,
      counted(tenant.customers, 'customer'),
      counted(tenant.writeKeys, 'write key'),
      tenant.created === null ? 'not created: known from the log' : `created ${creation(tenant.created)}`,
    ]),
  );
}

/** Lines of `tenant show`. */
export function describeTenant(tenant: TenantView): readonly string[] {
  const { name, created, customers, stages, definition, time, keys } = tenant;
  const inForce = keys.filter(({ revoked }) => revoked === null);
  const rows: readonly (readonly [string, string])[] = [
    ['tenant', name],
    ['created', created === null ? 'no: known from the log' : creation(created)],
    ['definition', definitionOf(name, definition)],
    ['time', time === null ? 'wall' : `${time.source}${time.bootstrap ? ', in bootstrap' : ''}`],
    ['customers', [customers.toLocaleString('en-GB'), ...Object.entries(stages).map(inStage)].join('  ')],
    ['write keys', inForce.length === 0 ? noKeys(name) : inForce.map(keyOf).join(', ')],
  ];
  return rows.map(([title, value]) => `${title.padEnd(12)}${value}`);
}

function definitionOf(tenant: string, definition: TenantView['definition']): string {
  if (definition === null) return `none: perennial definition publish FILE --tenant ${tenant} --reason TEXT`;
  const { name, version, published } = definition;
  return `${name} version ${version}${published > 1 ? ` (${published} published)` : ''}`;
}

const creation = ({ at, by }: NonNullable<KnownTenant['created']>): string => `${formatInstant(at)} by ${by}`;
const noKeys = (tenant: string): string => `none in the database: perennial write-key create --tenant ${tenant}`;
const keyOf = ({ id, label }: WriteKey): string => (label === null ? `${id}` : `${id} (${label})`);
const inStage = ([stage, n]: readonly [string, number]): string => `${stage} ${n.toLocaleString('en-GB')}`;
const counted = (n: number, what: string): string => `${n.toLocaleString('en-GB')} ${what}${n === 1 ? '' : 's'}`;
