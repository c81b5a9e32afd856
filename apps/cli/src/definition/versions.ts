import { DEFAULT_TENANT, type Instant, InvalidInput, type TenantId } from '@perennial/values';
import type { PublishedDefinition } from '@perennial/engine';
import type { Connection } from '../connection';
import { publishCommand, tenantFlag, tenantsWithout } from './without-definition';

/** A text that a tenant's partitions have in service. */
export interface Version extends PublishedDefinition {
  readonly name: string;
  readonly version: number;
  /** Append time of the command where it came first; null: not kept. */
  readonly publishedAt: Instant | null;
  /** Partitions that have taken it. */
  readonly partitions: number;
}

/**
 * The versions of a tenant by what each partition has, oldest first; one number may come twice, should partitions have taken
 * different texts of it. A text that this release cannot compile is left out, as the engine leaves it out.
 */
export async function versionsOf(definitions: readonly PublishedDefinition[]): Promise<readonly Version[]> {
  const { compile } = await import('@perennial/definition');
  const byText = new Map<string, Version>();
  for (const { source, author, reason, publishedAt } of definitions) {
    const definition = { source, author, reason, publishedAt };
    const known = byText.get(source);
    const compiled = known === undefined ? compile(source) : null;
    if (known !== undefined) byText.set(source, joined(known, definition));
    else if (compiled?.ok === true) {
      const { name, version } = compiled.definition;
      byText.set(source, { ...definition, name, version, partitions: 1 });
    }
  }
  return [...byText.values()].sort((a, b) => a.version - b.version);
}

/** One more partition that has it. */
function joined(known: Version, { publishedAt }: PublishedDefinition): Version {
  const times = [known.publishedAt, publishedAt].filter((at) => at !== null);
  return {
    ...known,
    publishedAt: times.length === 0 ? null : Math.min(...times),
    partitions: known.partitions + 1,
  };
}

/** What new customers enter; null: no definition is in service. */
export const newestOf = (versions: readonly Version[]): Version | null => versions.at(-1) ?? null;

/** What a tenant has in service. */
export interface TenantDefinitions {
  readonly tenant: TenantId;
  /** Oldest first; empty: none. */
  readonly versions: readonly Version[];
  /** version → customers in it. */
  readonly customers: ReadonlyMap<number, number>;
  /** Of the activity topic. */
  readonly partitions: number;
}

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
