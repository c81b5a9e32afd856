import type { Statement } from '../statement';

/**
 * Moves the progress of a partition and says who did it and why, or does nothing when the progress is not where the operator
 * saw it. Locks the progress row, as a commit does: one of the two comes first, and the other matches no row. The epoch is raised,
 * so an engine that is at work on the partition is fenced. Plan: primary key.
 */
export const skipOffsets: Statement<
  [partition: number, from: number, to: number, by: string, reason: string],
  { readonly partition: number }
> = {
  name: 'skip-offsets',
  text: `
WITH moved AS (
  UPDATE partition_progress SET next_offset = $3, epoch = epoch + 1
  WHERE partition = $1 AND next_offset = $2 AND $3 > $2
  RETURNING partition
)
INSERT INTO partition_skip (partition, from_offset, to_offset, reason, skipped_by, skipped_at)
SELECT partition, $2, $3, $5, $4, now() FROM moved
RETURNING partition`,
};

export interface SkipRow {
  readonly partition: number;
  readonly from_offset: number;
  readonly to_offset: number;
  readonly reason: string;
  readonly skipped_by: string;
  /** Milliseconds since 1970. */
  readonly skipped_at: number;
}

/** No lock. Plan: the small table, whole. */
export const listSkips: Statement<[], SkipRow> = {
  name: 'list-skips',
  text: `
SELECT partition, from_offset, to_offset, reason, skipped_by, (extract(epoch FROM skipped_at) * 1000)::bigint AS skipped_at
FROM partition_skip ORDER BY id`,
};
