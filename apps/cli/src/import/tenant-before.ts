import { InvalidInput, type TenantId } from '@perennial/values';
import type { CompiledDefinition } from '@perennial/definition';
import type { TenantBefore } from '@perennial/importer';
import { readDefinitionFile } from '../definition/definition-file';
import { judge } from '../definition/judge';
import { templateOf } from '../definition/templates';
import { versionsOf } from '../definition/versions';
import { publishCommand } from '../definition/without-definition';
import type { ImportConnection } from './import-ports';

/** The tenant as it is before an import. */
export async function tenantBefore(
  { reports, imports }: Pick<ImportConnection, 'reports' | 'imports'>,
  tenant: TenantId,
): Promise<TenantBefore> {
  const partitions = (await reports.tenants()).filter(({ state }) => state.tenant === tenant);
  const { customers } = await reports.summary(tenant);
  const source = partitions[0]?.state.source ?? { kind: 'wall' };
  return { tenant, customers, source, partitions, unfinished: await imports.unfinished(tenant) };
}

/** Stands in for the tenant in a dry run without an installation. */
export const unknownTenant = (tenant: TenantId): TenantBefore => ({
  tenant,
  customers: 0,
  source: { kind: 'wall' },
  partitions: [],
  unfinished: [],
});

/** What new customers of an import enter. */
export interface ImportDefinition {
  readonly definition: CompiledDefinition;
  /** To be published first. */
  readonly isGiven: boolean;
  readonly warnings: readonly string[];
}

/**
 * The definition that is given, if it may follow what is in service, else the one in service. `connection` null: nothing is.
 * Throws `InvalidInput`, with the command to type when there is none.
 */
export async function definitionFor(
  connection: Pick<ImportConnection, 'published' | 'partitions'> | null,
  tenant: TenantId,
  given: string | null,
): Promise<ImportDefinition> {
  const versions = connection === null ? [] : await versionsOf(await connection.published.of(tenant));
  if (given !== null) {
    const read = await readDefinitionFile(given);
    if (connection !== null) judge(read.definition, versions, connection.partitions);
    // What a template warns of is known.
    return { ...read, warnings: templateOf(given) === null ? read.warnings : [], isGiven: true };
  }
  const { compile } = await import('@perennial/definition');
  const newest = versions.at(-1);
  const compiled = newest === undefined ? null : compile(newest.source);
  if (compiled?.ok === true) return { definition: compiled.definition, isGiven: false, warnings: [] };
  throw new InvalidInput(
    'CLI.NO_DEFINITION',
    `Tenant ${tenant} has no definition, and its activities would be dead letters. Add --definition FILE (a file, or a template ` +
      `such as retail), or publish one first: ${publishCommand(tenant)}`,
  );
}

/** The smallest number of ids that one of the tenant's definitions remembers of a customer. */
export async function recentIdsOf(
  { published }: Pick<ImportConnection, 'published'>,
  tenant: TenantId,
): Promise<number> {
  const { compile } = await import('@perennial/definition');
  const compiled = (await versionsOf(await published.of(tenant))).map(({ source }) => compile(source));
  return Math.min(...compiled.flatMap((one) => (one.ok ? [one.definition.recentIds] : [])));
}
