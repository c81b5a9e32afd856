import { readEnvironment, toolEnvironment } from '@perennial/config';
import { MAX_AUTHOR, MAX_REASON } from '@perennial/contracts';
import { InvalidInput } from '@perennial/values';
import { operator } from '../operator';
import { tenantOf } from '../tenant/tenant-of';
import type { Publication } from './publish-definition';

/** What a person says beside the definition. */
export interface Statement {
  readonly tenant: string;
  readonly reason: string;
  /** Default: PERENNIAL_AUTHOR, else the user of this machine. */
  readonly author?: string;
}

/** What is to be published, checked. Throws `InvalidInput`. */
export function publicationOf(source: string, { tenant, reason, author }: Statement): Publication {
  const by = author ?? readEnvironment(toolEnvironment).author ?? operator();
  return {
    tenant: tenantOf(tenant, '--tenant'),
    source,
    author: bounded('--author', by, MAX_AUTHOR),
    reason: bounded('--reason', reason, MAX_REASON),
  };
}

function bounded(option: string, text: string, most: number): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new InvalidInput('CLI.NO_REASON', `${option} is empty; it is kept for who asks later.`);
  if (trimmed.length <= most) return trimmed;
  throw new InvalidInput('CLI.TOO_LONG', `${option} has ${trimmed.length} characters; at most ${most} are kept.`);
}
