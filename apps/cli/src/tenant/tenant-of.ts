import { InvalidInput, type TenantId, tenantId } from '@perennial/values';

/** The tenant that an argument names; `argument` is how the command line calls it. */
export function tenantOf(text: string, argument: string): TenantId {
  const tenant = tenantId(text);
  if (tenant !== null) return tenant;
  throw new InvalidInput('CLI.UNREADABLE_TENANT', `${argument} ${text}: 1 to 64 characters without a colon.`);
}
