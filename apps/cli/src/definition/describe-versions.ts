import { DEFAULT_TENANT, formatInstant } from '@perennial/values';
import { inColumns } from '@perennial/command-line';
import type { Published } from './publish-definition';
import { newestOf, type TenantDefinitions, type Version } from './versions';
import { publishCommand } from './without-definition';

/** A table of a tenant's versions, newest first. */
export function describeDefinitions({ tenant, versions, customers, partitions }: TenantDefinitions): readonly string[] {
  const newest = newestOf(versions);
  if (newest === null) return [`tenant ${tenant}: no definition yet. Put one into service: ${publishCommand(tenant)}`];
  const rows = versions
    .toReversed()
    .map((one) => [
      String(one.version),
      (customers.get(one.version) ?? 0).toLocaleString('en-GB'),
      timeOf(one),
      one.author ?? '-',
      `${one.reason ?? '-'}${one.partitions < partitions ? `  (in ${one.partitions} of ${partitions} partitions)` : ''}`,
    ]);
  return [
    `tenant ${tenant}: ${newest.name}, version ${newest.version} is in service`,
    ...inColumns([['version', 'customers', 'published', 'by', 'why'], ...rows]).map((line) => `  ${line}`),
  ];
}

/** For `show`: who, when, why, and the customers in it. */
export function describeVersion(
  one: Version,
  { tenant, versions, customers, partitions }: TenantDefinitions,
): readonly string[] {
  const newest = newestOf(versions) ?? one;
  const standing = one.version === newest.version ? 'in service' : `followed by version ${newest.version}`;
  return [
    `${one.name} version ${one.version} of tenant ${tenant}, ${standing}`,
    `published  ${timeOf(one)}`,
    `by         ${one.author ?? '- (not kept)'}`,
    `why        ${one.reason ?? '- (not kept)'}`,
    `customers  ${whoIsWhere(newest.version, customers)}`,
    ...(one.partitions < partitions ? [`partitions ${one.partitions} of ${partitions} have taken it so far`] : []),
  ];
}

/** For machines. */
export function versionJson(one: Version, { tenant, versions, customers, partitions }: TenantDefinitions): object {
  const { name, version, author, reason, publishedAt } = one;
  return {
    tenant,
    name,
    version,
    inService: version === newestOf(versions)?.version,
    customers: customers.get(version) ?? 0,
    author,
    reason,
    publishedAt: publishedAt === null ? null : formatInstant(publishedAt),
    partitions: { taken: one.partitions, of: partitions },
  };
}

const timeOf = ({ publishedAt }: Version): string =>
  publishedAt === null ? '- (not kept)' : formatInstant(publishedAt);

/** The result of a publication for people. */
export function describePublished({ tenant, name, version, result, partitions, customers }: Published): string {
  const already = result === 'in-service' ? ' with this text already,' : '';
  const of = tenant === DEFAULT_TENANT ? '' : ` for tenant ${tenant}`;
  return `${name} version ${version} is in service${of}${already} in ${partitions} of ${partitions} partitions. ${whoIsWhere(version, customers)}`;
}

/** For machines: one line of JSON. */
export const publishedJson = ({ customers, ...published }: Published): string =>
  JSON.stringify({ ...published, customers: Object.fromEntries(customers) });

/** Who stays in an earlier version, and what new customers enter. `customers`: by version. */
export function whoIsWhere(newest: number, customers: ReadonlyMap<number, number>): string {
  const there = customers.get(newest) ?? 0;
  const earlier = [...customers].filter(([version]) => version !== newest).sort(([a], [b]) => b - a);
  const places = [
    ...earlier.map(([version, n]) => `${people(n)} ${n === 1 ? 'stays' : 'stay'} in version ${version}`),
    ...(there === 0 ? [] : [`${people(there)} ${there === 1 ? 'is' : 'are'} in version ${newest}`]),
  ];
  return `${places.length === 0 ? 'No customers yet' : places.join(', ')}; new ones enter version ${newest}.`;
}

const people = (n: number): string => `${n.toLocaleString('en-GB')} ${n === 1 ? 'customer' : 'customers'}`;
