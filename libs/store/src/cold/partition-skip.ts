import type { Instant } from '@perennial/values';
import { EntitySchema } from 'typeorm';
import { bigint, instant, integer, primary, text } from './columns';

export interface PartitionSkipRow {
  /** Made by the server, in the order of skips. */
  id: number;
  partition: number;
  /** First offset passed over. */
  from: number;
  /** First offset after those. */
  to: number;
  reason: string;
  by: string;
  at: Instant;
}

export const PartitionSkipTable = new EntitySchema<PartitionSkipRow>({
  name: 'partition_skip',
  columns: {
    id: { ...primary(bigint('id')), generated: true },
    partition: integer('partition'),
    from: bigint('from_offset'),
    to: bigint('to_offset'),
    reason: text('reason'),
    by: text('skipped_by'),
    at: instant('skipped_at'),
  },
});
