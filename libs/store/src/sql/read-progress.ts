import type { Statement } from '../statement';
import type { ProgressRow } from './claim-partition';

/** No lock: settles a commit whose result was lost. Plan: primary key. */
export const readProgress: Statement<[partition: number], ProgressRow> = {
  name: 'read-progress',
  text: 'SELECT epoch, next_offset FROM partition_progress WHERE partition = $1',
};
