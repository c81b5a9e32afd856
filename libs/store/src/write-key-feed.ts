import type { TenantId } from '@perennial/values';
import type { Database } from './database';
import { readWriteKeys } from './sql/read-write-keys';
import { bind } from './statement';

/** A key in force, for who compares keys. */
export interface KeyInForce {
  /** See `hashWriteKey`. */
  readonly hash: Uint8Array;
  readonly tenant: TenantId;
}

/** The write keys in force, for collectors; asked again and again, one call at a time. */
export interface WriteKeyFeed {
  /** All of them when any was created or revoked since the call before, or that one failed; else null. */
  next(): Promise<readonly KeyInForce[] | null>;
}

/** No count that a table has. */
const NONE = { made: -1, revoked: -1 };

export function createWriteKeyFeed(database: Pick<Database, 'query'>): WriteKeyFeed {
  let known = NONE;
  return {
    next: async () => {
      const { made, revoked } = known;
      // After an outage the database may be another: a standby, or restored.
      known = NONE;
      const rows = await database.query(bind(readWriteKeys, made, revoked));
      const counts = rows[0] ?? NONE;
      known = { made: counts.made, revoked: counts.revoked };
      if (known.made === made && known.revoked === revoked) return null;
      return rows.flatMap(({ hash, tenant }) =>
        hash === null || tenant === null ? [] : [{ hash, tenant: tenant as TenantId }],
      );
    },
  };
}
