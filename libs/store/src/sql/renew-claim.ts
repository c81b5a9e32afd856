import type { Statement } from '../statement';

/**
 * Proves ownership: the row is there as long as nobody else has claimed. No lock and no write: a claim that comes in the same
 * moment waits out the lease, which counts from when this was sent. Plan: primary key.
 */
export const renewClaim: Statement<[partition: number, epoch: number], { readonly partition: number }> = {
  name: 'renew-claim',
  text: 'SELECT partition FROM partition_progress WHERE partition = $1 AND epoch = $2',
};
