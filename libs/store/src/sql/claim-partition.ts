import type { Statement } from '../statement';

export interface ProgressRow {
  readonly epoch: number;
  readonly next_offset: number;
}

/**
 * Runs after lock-progress: all later commits of older epochs match no row. Plan: primary key.
 */
export const claimPartition: Statement<[partition: number, owner: string], ProgressRow> = {
  name: 'claim-partition',
  text: `
INSERT INTO partition_progress AS p (partition, epoch, next_offset, owner, claimed_at, released)
VALUES ($1, 1, 0, $2, now(), false)
ON CONFLICT (partition) DO UPDATE
SET epoch = p.epoch + 1, owner = excluded.owner, claimed_at = excluded.claimed_at, released = false
RETURNING epoch, next_offset`,
};
