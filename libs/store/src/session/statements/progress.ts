/**
 * Tables about a partition as a whole.
 *
 * | table | row | says |
 * | --- | --- | --- |
 * | `partition_progress` | partition | epoch, owner and time of its newest claim, whether it was given back, first offset that is not processed |
 * | `outbox` | partition, first offset of the micro-batch | a blob: what is committed and perhaps not published |
 * | `partition_total` | partition, tenant, name | a running total |
 *
 * Claim, commit, release and skip exclude each other by the row of `partition_progress`, which each of them locks.
 */
import type { TotalChange } from '@perennial/engine';
import { bind, type Bound, type Statement } from '../../postgres/statement';

/* partition_progress */

export interface ProgressRow {
  readonly epoch: number;
  readonly next_offset: number;
}

/**
 * First in a claim: waits for a running commit, and reads whether the former owner released. No row: the first claim ever.
 * Plan: primary key.
 */
export const lockProgress: Statement<[partition: number], { readonly released: boolean }> = {
  name: 'lock-progress',
  text: 'SELECT released FROM partition_progress WHERE partition = $1 FOR UPDATE',
};

/** Runs after lock-progress: all later commits of older epochs match no row. Plan: primary key. */
export const claimPartition: Statement<[partition: number, owner: string], ProgressRow> = {
  name: 'claim-partition',
  text: `
INSERT INTO partition_progress AS p (partition, epoch, next_offset, owner, claimed_at, released)
VALUES ($1, 1, 0, $2, now(), false)
ON CONFLICT (partition) DO UPDATE
SET epoch = p.epoch + 1, owner = excluded.owner, claimed_at = excluded.claimed_at, released = false
RETURNING epoch, next_offset`,
};

/**
 * The fence, first in the transaction of a micro-batch: locks the progress row, or waits for its lock and looks again. The rest
 * of the transaction is already on the wire, so no row must end it here: dividing by the number of rows does that (SQLSTATE 22012,
 * read back as STORE.FENCED). Plan: primary key.
 */
export const advanceProgress: Statement<
  [partition: number, epoch: number, expectedOffset: number, nextOffset: number],
  { readonly advanced: number }
> = {
  name: 'advance-progress',
  text: `
WITH progress AS (
  UPDATE partition_progress SET next_offset = $4
  WHERE partition = $1 AND epoch = $2 AND next_offset = $3
  RETURNING partition
)
SELECT 1 / count(*) AS advanced FROM progress`,
};

/** No lock: finds out the result of a commit whose answer was lost. Plan: primary key. */
export const readProgress: Statement<[partition: number], ProgressRow> = {
  name: 'read-progress',
  text: 'SELECT epoch, next_offset FROM partition_progress WHERE partition = $1',
};

/**
 * Proves ownership: the row is there as long as nobody else has claimed. No lock and no write: a claim that comes in the same
 * moment waits out the lease, which counts from when this was sent. Plan: primary key.
 */
export const renewClaim: Statement<[partition: number, epoch: number], { readonly partition: number }> = {
  name: 'renew-claim',
  text: 'SELECT partition FROM partition_progress WHERE partition = $1 AND epoch = $2',
};

/** Locks the progress row for a moment. Excludes nobody: the next claim raises the epoch all the same. Plan: primary key. */
export const releaseClaim: Statement<[partition: number, epoch: number]> = {
  name: 'release-claim',
  text: 'UPDATE partition_progress SET released = true WHERE partition = $1 AND epoch = $2',
};

/**
 * Moves the progress of a partition, or matches no row when it is not where the operator saw it. Locks the progress row, as a
 * commit does: one of the two comes first, and the other matches no row. The epoch is raised, so that an engine that is at work on
 * the partition is fenced. Part of the transaction that records the skip, so the engine waits for it, at most until it is
 * ended as idle. Plan: primary key.
 */
export const skipProgress: Statement<[partition: number, from: number, to: number]> = {
  name: 'skip-progress',
  text: `
UPDATE partition_progress SET next_offset = $3, epoch = epoch + 1
WHERE partition = $1 AND next_offset = $2 AND $3 > $2`,
};

/* outbox */

/** One row per micro-batch, however many facts. Plan: insert; a second blob of the same offset is refused. */
export const writeOutbox: Statement<[partition: number, firstOffset: number, bytes: Uint8Array]> = {
  name: 'write-outbox',
  text: 'INSERT INTO outbox (partition, first_offset, bytes) VALUES ($1, $2, $3)',
};

/** Runs before write-outbox. Plan: primary key range, a handful of rows. */
export const removeOutbox: Statement<[partition: number, publishedThrough: number]> = {
  name: 'remove-outbox',
  text: 'DELETE FROM outbox WHERE partition = $1 AND first_offset <= $2',
};

/** No lock of its own: runs after claim-partition in its transaction, which keeps writers away. Plan: primary key, prefix, in order. */
export const readOutbox: Statement<[partition: number], { readonly first_offset: number; readonly bytes: Uint8Array }> =
  {
    name: 'read-outbox',
    text: 'SELECT first_offset, bytes FROM outbox WHERE partition = $1 ORDER BY first_offset',
  };

/* partition_total */

/**
 * Locks the rows of the totals, which belong to the partition and hence to its owner; no order is needed. Deltas of one
 * name are added up first, since an upsert may meet a row only once. Plan: primary key per row, HOT by fillfactor 50.
 */
export const addTotals: Statement<
  [partition: number, tenants: readonly string[], names: readonly string[], deltas: readonly number[]]
> = {
  name: 'add-totals',
  text: `
INSERT INTO partition_total AS t (partition, tenant, name, value)
SELECT $1, r.tenant, r.name, sum(r.delta)
FROM unnest($2::text[], $3::text[], $4::bigint[]) AS r(tenant, name, delta)
GROUP BY r.tenant, r.name
ON CONFLICT (partition, tenant, name) DO UPDATE SET value = t.value + excluded.value`,
};

/** From the running totals: counting the rows would take long. Plan: the small table of totals of one partition. */
export const readArmed: Statement<[partition: number], { readonly armed: number }> = {
  name: 'read-armed',
  text: `SELECT coalesce(sum(value), 0)::bigint AS armed FROM partition_total WHERE partition = $1 AND name = 'deadlines'`,
};

/** The part of a commit for `partition_total`. */
export function totalStatements(partition: number, changes: readonly TotalChange[]): readonly Bound<unknown>[] {
  if (changes.length === 0) return [];
  return [
    bind(
      addTotals,
      partition,
      changes.map((change) => change.tenant),
      changes.map((change) => change.name),
      changes.map((change) => change.delta),
    ),
  ];
}
