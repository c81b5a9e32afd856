import type { TenantId } from '@perennial/contracts';
import type { PartitionTenant } from '@perennial/store';
import type { Connection } from '../connection';
import { newestOf, type Version, versionsOf } from '../definition/versions';
import { publishCommand, tenantsWithout } from '../definition/without-definition';
import { type Finding, findingsOf, ok, todo, wrong } from './finding';

/** Whether each tenant has a definition, and the same one in every partition. */
export function checkDefinitions({
  reports,
  partitions,
}: Pick<Connection, 'reports' | 'partitions'>): Promise<readonly Finding[]> {
  return findingsOf('definition', 'Look at the database first.', async () => {
    const rows = await reports.tenants();
    const without = tenantsWithout(rows);
    const having = [...new Set(rows.map(({ state }) => state.tenant))].filter((tenant) => !without.includes(tenant));
    return [
      ...(await Promise.all(having.map((tenant) => judgeTenant(rows, tenant, partitions)))),
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

async function judgeTenant(rows: readonly PartitionTenant[], tenant: TenantId, partitions: number): Promise<Finding> {
  const versions = await versionsOf(rows, tenant);
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
