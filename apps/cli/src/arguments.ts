import { InvalidArgumentError } from 'commander';
import { InvalidInput, type TenantId, tenantId } from '@perennial/values';

/** The value of an option that counts something. */
export function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number from 0 is needed.');
}

/** The tenant that an argument names; `argument` is how the command line calls it. */
export function tenantOf(text: string, argument: string): TenantId {
  const tenant = tenantId(text);
  if (tenant !== null) return tenant;
  throw new InvalidInput('CLI.UNREADABLE_TENANT', `${argument} ${text}: 1 to 64 characters without a colon.`);
}
