import type { Statement } from '../statement';

export interface ProgressRow {
  readonly epoch: number;
  readonly next_offset: number;
}

/**
 * Locks the progress row: waits for a commit under way, and all later ones of older epochs match no row.
 * Plan: primary key.
 */
export const claimPartition: Statement<[partition: number, owner: string], ProgressRow> = {
  name: 'claim-partition',
  text: `
INSERT INTO partition_progress AS p (partition, epoch, next_offset, owner, claimed_at)
VALUES ($1, 1, 0, $2, now())
ON CONFLICT (partition) DO UPDATE SET epoch = p.epoch + 1, owner = excluded.owner, claimed_at = excluded.claimed_at
RETURNING epoch, next_offset`,
};
