import { type TimeSource } from '@perennial/contracts';
import { formatInstant } from '@perennial/values';
import type { Summary, WriteKey } from '@perennial/store';
import { inColumns } from '../in-columns';
import type { KnownTenant } from './known-tenants';

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
