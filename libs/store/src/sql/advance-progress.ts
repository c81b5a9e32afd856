import type { Statement } from '../statement';

/**
 * The fence, first in the transaction of a micro-batch: locks the progress row, or waits for who holds it and looks
 * again. The rest of the transaction is already on the wire, so no row must end it here: dividing by the number of
 * rows does that (SQLSTATE 22012, read back as STORE.FENCED). Plan: primary key.
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
