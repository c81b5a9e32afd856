import type { Statement } from '../statement';

export interface WriteKeysRow {
  /** Keys that were ever made, and revoked: rows are never deleted, and a revocation is for good, so each change raises one of them. */
  readonly made: number;
  readonly revoked: number;
  /** SHA-256 of a key in force; null, in a single row: there is none, or nothing has changed. */
  readonly hash: Uint8Array | null;
  readonly tenant: string | null;
}

/**
 * The keys in force when the counts differ from those given, else a single row without a key. Every second by each collector, so
 * keys travel only when they changed. Needs SELECT on write_key, and nothing else. No lock. Plan: the small table, whole, twice.
 */
export const readWriteKeys: Statement<[made: number, revoked: number], WriteKeysRow> = {
  name: 'read-write-keys',
  text: `
SELECT n.made, n.revoked, k.hash, k.tenant
FROM (SELECT count(*) AS made, count(revoked_at) AS revoked FROM write_key) AS n
LEFT JOIN write_key k ON k.revoked_at IS NULL AND (n.made <> $1::bigint OR n.revoked <> $2::bigint)`,
};
