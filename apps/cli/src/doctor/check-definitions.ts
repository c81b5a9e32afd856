import type { TenantId } from '@perennial/values';
import type { PartitionDefinition } from '@perennial/store';
import type { Connection } from '../connection';
import { newestOf, type Version, versionsOf } from '../definition/versions';
import { publishCommand, tenantsWithout } from '../definition/without-definition';
import { type Finding, findingsOf, ok, todo, wrong } from './finding';

/** Whether each tenant has a definition, and the same one in every partition. */
export function checkDefinitions(
  connection: Pick<Connection, 'reports' | 'tenants' | 'published' | 'partitions'>,
): Promise<readonly Finding[]> {
  return findingsOf('definition', 'Look at the database first.', async () => {
    const definitions = await connection.published.of(null);
    const having = [...new Set(definitions.map(({ tenant }) => tenant))].sort();
    const without = await tenantsWithout(connection);
    return [
      ...(await Promise.all(having.map((tenant) => judgeTenant(definitions, tenant, connection.partitions)))),
      ...without.map((tenant) =>
        todo(
          'definition',
          `tenant ${tenant} has none: its activities are set aside as dead letters`,
          publishCommand(tenant),
        ),
      ),
    ];
  });
}

async function judgeTenant(
  all: readonly PartitionDefinition[],
  tenant: TenantId,
  partitions: number,
): Promise<Finding> {
  const versions = await versionsOf(all.filter((definition) => definition.tenant === tenant));
  const newest = newestOf(versions);
  if (newest === null)
    return wrong(
      'definition',
      `no definition of tenant ${tenant} compiles with this release`,
      'Run the release before, and report it.',
    );
  const { name, version } = newest;
  const twice = versions.find((one) => versions.some((other) => isOtherTextOf(one, other)));
  if (twice !== undefined)
    return wrong(
      'definition',
      `tenant ${tenant}: partitions have different texts of ${name} version ${twice.version}`,
      `Publish the right one as version ${version + 1}: ${publishCommand(tenant)}`,
    );
  if (newest.partitions < partitions)
    return todo(
      'definition',
      `tenant ${tenant}: ${name} version ${version} is in ${newest.partitions} of ${partitions} partitions so far`,
      `Should that stay so, publish it once more: ${publishCommand(tenant)}`,
    );
  return ok('definition', `tenant ${tenant}: ${name} version ${version} in ${partitions} of ${partitions} partitions`);
}

const isOtherTextOf = (one: Version, other: Version): boolean => one !== other && one.version === other.version;
