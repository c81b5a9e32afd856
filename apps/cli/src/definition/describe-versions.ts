import { formatInstant, type TenantId } from '@perennial/values';
import { inColumns } from '../in-columns';
import { whoIsWhere } from './describe-published';
import { newestOf, type Version } from './versions';
import { publishCommand } from './without-definition';

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
