/**
 * Write keys of the collector, in the database of partition 0.
 *
 * 1. Only the creator of a key knows it: SHA-256 of it is stored, and it is in no message, log or error.
 * 2. A revoked key stays revoked; the first revocation is kept.
 * 3. A tenant has at most {@link MAX_KEYS_PER_TENANT} keys in force, also when several are created at once.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type Instant, InvariantViolation, type TenantId } from '@perennial/values';
import { IsNull } from 'typeorm';
import type { Database } from '../postgres/database';
import { bind, type Statement } from '../postgres/statement';
import { now, TenantTable, type WriteKeyRow, WriteKeyTable } from '../schema/entities';

/** Bounds what collectors read. */
export const MAX_KEYS_PER_TENANT = 20;
/** Longest label, in UTF-16 code units. */
export const MAX_KEY_LABEL = 200;

/** A key without its secret. */
export interface WriteKey {
  readonly id: number;
  readonly tenant: TenantId;
  readonly label: string | null;
  readonly createdAt: Instant;
  readonly createdBy: string;
  /** Null: in force. */
  readonly revoked: { readonly at: Instant; readonly by: string } | null;
}

export type KeyCreation =
  | { readonly kind: 'created'; readonly key: string; readonly about: WriteKey }
  /** The tenant was not created, or has {@link MAX_KEYS_PER_TENANT} keys in force; nothing was done. */
  | { readonly kind: 'no-tenant' | 'full' };

export interface KeyRevocation {
  /** `before`: it had been revoked; nothing was done. */
  readonly kind: 'revoked' | 'before';
  readonly about: WriteKey;
}

export interface WriteKeys {
  create(tenant: TenantId, label: string | null, by: string): Promise<KeyCreation>;
  /** Null: there is no such key. */
  revoke(id: number, by: string): Promise<KeyRevocation | null>;
  /** Oldest first, revoked ones too; null: of all tenants. */
  list(tenant: TenantId | null): Promise<readonly WriteKey[]>;
}

/** SHA-256 of the key's text, 32 bytes: this is stored and compared. */
export function hashWriteKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** 256 random bits, in characters that HTTP headers and shells take as they are. */
const newWriteKey = (): string => `pk_${randomBytes(32).toString('base64url')}`;

export function createWriteKeys({ cold }: Database): WriteKeys {
  return {
    create: (tenant, label, by) =>
      cold.transaction(async (manager) => {
        const lock = { mode: 'pessimistic_write' } as const;
        const owner = await manager.getRepository(TenantTable).findOne({ where: { name: tenant }, lock });
        if (owner === null) return { kind: 'no-tenant' };
        const rows = manager.getRepository(WriteKeyTable);
        if ((await rows.countBy({ tenant, revokedAt: IsNull() })) >= MAX_KEYS_PER_TENANT) return { kind: 'full' };
        const key = newWriteKey();
        const row = { tenant, hash: hashWriteKey(key), label, createdAt: now, createdBy: by };
        const { identifiers } = await rows.insert(row);
        const about = await rows.findOneByOrFail({ id: idOf(identifiers) });
        return { kind: 'created', key, about: writeKeyOf(about) };
      }),
    revoke: (id, by) =>
      cold.table(WriteKeyTable, async (rows) => {
        const { affected } = await rows.update({ id, revokedAt: IsNull() }, { revokedAt: now, revokedBy: by });
        const about = await rows.findOneBy({ id });
        return about === null ? null : { kind: affected === 1 ? 'revoked' : 'before', about: writeKeyOf(about) };
      }),
    list: async (tenant) => {
      const where = tenant === null ? {} : { tenant };
      return (await cold.table(WriteKeyTable, (rows) => rows.find({ where, order: { id: 'ASC' } }))).map(writeKeyOf);
    },
  };
}

/** TypeORM gives generated numbers as text. */
function idOf([inserted]: readonly { readonly id?: unknown }[]): number {
  const id = Number(inserted?.id);
  if (Number.isSafeInteger(id)) return id;
  throw new InvariantViolation('STORE.NO_KEY_ID', 'A write key was stored without an id: look at write_key.');
}

function writeKeyOf({ id, tenant, label, createdAt, createdBy, revokedAt, revokedBy }: WriteKeyRow): WriteKey {
  const revoked = revokedAt === null ? null : { at: revokedAt, by: revokedBy ?? '' };
  return { id, tenant: tenant as TenantId, label, createdAt, createdBy, revoked };
}

/** A key in force, as collectors compare it. */
export interface KeyInForce {
  /** See `hashWriteKey`. */
  readonly hash: Uint8Array;
  readonly tenant: TenantId;
}

/** The write keys in force; collectors poll it, one call at a time. */
export interface WriteKeyFeed {
  /** All keys in force if any was created or revoked since the last call, or the last call failed; else null. */
  next(): Promise<readonly KeyInForce[] | null>;
}

/** Counts that no table has. */
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

interface WriteKeysRow {
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
const readWriteKeys: Statement<[made: number, revoked: number], WriteKeysRow> = {
  name: 'read-write-keys',
  text: `
SELECT n.made, n.revoked, k.hash, k.tenant
FROM (SELECT count(*) AS made, count(revoked_at) AS revoked FROM write_key) AS n
LEFT JOIN write_key k ON k.revoked_at IS NULL AND (n.made <> $1::bigint OR n.revoked <> $2::bigint)`,
};
