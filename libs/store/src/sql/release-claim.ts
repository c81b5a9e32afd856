import type { Statement } from '../statement';

/** Locks the progress row for a moment. Nobody is kept out: the next claim raises the epoch as ever. Plan: primary key. */
export const releaseClaim: Statement<[partition: number, epoch: number]> = {
  name: 'release-claim',
  text: 'UPDATE partition_progress SET released = true WHERE partition = $1 AND epoch = $2',
};
