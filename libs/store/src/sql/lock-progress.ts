import type { Statement } from '../statement';

/**
 * First in a claim: waits for a commit under way, and reads what the former owner left. No row: nobody ever claimed.
 * Plan: primary key.
 */
export const lockProgress: Statement<[partition: number], { readonly released: boolean }> = {
  name: 'lock-progress',
  text: 'SELECT released FROM partition_progress WHERE partition = $1 FOR UPDATE',
};
