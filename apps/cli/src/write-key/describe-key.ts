import { formatInstant } from '@perennial/values';
import type { WriteKey } from '@perennial/store';
import { inColumns } from '../in-columns';

/** Lines of `write-key list`, in columns. */
export function listKeys(keys: readonly WriteKey[]): readonly string[] {
  return inColumns(keys.map((key) => [String(key.id), key.tenant, key.label ?? '-', history(key)]));
}

/** `7 of tenant shop (web shop)`. */
export function nameOf({ id, tenant, label }: WriteKey): string {
  return `${id} of tenant ${tenant}${label === null ? '' : ` (${label})`}`;
}

/** For machines; never the key. */
export function keyJson({ id, tenant, label, createdAt, createdBy, revoked }: WriteKey) {
  return {
    id,
    tenant,
    label,
    createdAt: formatInstant(createdAt),
    createdBy,
    revokedAt: revoked === null ? null : formatInstant(revoked.at),
    revokedBy: revoked?.by ?? null,
  };
}

function history({ createdAt, createdBy, revoked }: WriteKey): string {
  const created = `created ${formatInstant(createdAt)} by ${createdBy}`;
  return revoked === null ? created : `${created}, revoked ${formatInstant(revoked.at)} by ${revoked.by}`;
}
