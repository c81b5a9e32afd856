import { nearestName } from '@perennial/config';
import type { Activity } from '@perennial/contracts';
import type { TenantId } from '@perennial/values';
import type { AmountFlaw } from '@perennial/definition';
import type { PublishedDefinition } from '@perennial/engine';
import { newestOf, versionsOf } from '../definition/versions';
import { withoutDefinition } from '../definition/without-definition';

const LEFT_OUT: Readonly<Record<AmountFlaw, string>> = {
  'amount-missing': 'it states no amount',
  'amount-unreadable': 'it is no exact decimal, or no whole number where the row takes a quantity',
  'amount-out-of-range': 'it is larger than is kept',
  'amount-other-sign': 'it has another sign than the row says',
  'currency-mismatch': 'it is in another currency',
};

/** What the partitions have taken of a tenant's definitions. */
interface Published {
  of(tenant: TenantId): Promise<readonly PublishedDefinition[]>;
}

/**
 * What a sender may not have meant: what the newest definition of the tenant will make of the activity, where that is less
 * than its sender expects. Nothing for one that has its full effect.
 */
export async function remarksOn(
  { published }: { readonly published: Published },
  tenant: TenantId,
  activity: Activity,
): Promise<readonly string[]> {
  const newest = newestOf(await versionsOf(await published.of(tenant)));
  if (newest === null) return withoutDefinition(tenant);
  const { compile } = await import('@perennial/definition');
  const compiled = compile(newest.source);
  if (!compiled.ok) return [];
  const { name, version, catalogue, events, currency } = compiled.definition;
  const catalogued = catalogue(activity);
  if (catalogued.kind === 'uncatalogued') {
    const near = activity.event === null ? null : nearestName(activity.event, events);
    const meant = near === null ? '' : ` Did you mean "${near}"?`;
    return [`No row of ${name} version ${version} matches it, so it is counted and has no effect.${meant}`];
  }
  if (catalogued.flaw === null) return [];
  const expected = catalogued.flaw === 'currency-mismatch' ? ` than ${String(currency)}` : '';
  const why = `${LEFT_OUT[catalogued.flaw]}${expected}`;
  return [`For ${name} version ${version} it is a ${catalogued.role} without its amount: ${why}.`];
}
