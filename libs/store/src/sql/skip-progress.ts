import type { Statement } from '../statement';

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
