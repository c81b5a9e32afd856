import type { Instant } from '@perennial/values';
import { EntitySchema } from 'typeorm';
import { bigint, instant, integer, nullable, primary, text } from './columns';

export interface DeadLetterResolutionRow {
  partition: number;
  /** Of the record in the activity topic. */
  offset: number;
  state: 'replaying' | 'replayed' | 'dropped';
  /** Of those that were dropped. */
  reason: string | null;
  resolvedBy: string;
  resolvedAt: Instant;
  /** 1: nobody tried before. */
  attempt: number;
  /** End of the target partition when the first attempt began; null: dropped without one. */
  sentAfter: number | null;
}

export const DeadLetterResolutionTable = new EntitySchema<DeadLetterResolutionRow>({
  name: 'dead_letter_resolution',
  columns: {
    partition: primary(integer('partition')),
    offset: primary(bigint('source_offset')),
    state: text('state'),
    reason: nullable(text('reason')),
    resolvedBy: text('resolved_by'),
    resolvedAt: instant('resolved_at'),
    attempt: integer('attempt'),
    sentAfter: nullable(bigint('sent_after')),
  },
});
