import { DEFAULT_TENANT } from '@perennial/values';
import type { Published } from './publish-definition';

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
