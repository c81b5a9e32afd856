import type { Statement } from '../statement';

/*
 * Dead letters and what operators did with them, by the position of the record in the activity topic. All look-ups go by
 * primary key, one descent per row asked for.
 */

type Ids = readonly [partitions: readonly number[], offsets: readonly number[]];

export interface ResolutionRow {
  readonly partition: number;
  readonly source_offset: number;
  readonly state: 'replaying' | 'replayed' | 'dropped';
  readonly reason: string | null;
  readonly resolved_by: string;
  /** Milliseconds since 1970. */
  readonly resolved_at: number;
}

/** No lock. */
export const readResolutions: Statement<[...Ids], ResolutionRow> = {
  name: 'read-resolutions',
  text: `
SELECT r.partition, r.source_offset, r.state, r.reason, r.resolved_by,
       (extract(epoch FROM r.resolved_at) * 1000)::bigint AS resolved_at
FROM unnest($1::integer[], $2::bigint[]) AS q(partition, source_offset)
JOIN dead_letter_resolution r USING (partition, source_offset)`,
};

export interface BegunRow {
  readonly partition: number;
  readonly source_offset: number;
  /** 1: nobody tried before. */
  readonly attempt: number;
  readonly sent_after: number;
}

/**
 * Returns the rows that are the caller's to send: new ones, and those whose attempt began so long ago that nothing of it can be
 * under way; of those the first attempt's `sent_after`. Locks them; two callers never get the same one.
 */
export const beginReplays: Statement<[...Ids, sentAfter: readonly number[], by: string, patienceMs: number], BegunRow> =
  {
    name: 'begin-replays',
    text: `
INSERT INTO dead_letter_resolution AS r
       (partition, source_offset, state, reason, resolved_by, resolved_at, attempt, sent_after)
SELECT q.partition, q.source_offset, 'replaying', NULL, $4, now(), 1, q.sent_after
FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS q(partition, source_offset, sent_after)
ORDER BY q.partition, q.source_offset
ON CONFLICT (partition, source_offset) DO UPDATE
SET resolved_by = excluded.resolved_by, resolved_at = excluded.resolved_at, attempt = r.attempt + 1
WHERE r.state = 'replaying' AND r.resolved_at <= now() - $5 * interval '1 millisecond'
RETURNING partition, source_offset, attempt, sent_after`,
  };

export const endReplays: Statement<[...Ids]> = {
  name: 'end-replays',
  text: `
UPDATE dead_letter_resolution r SET state = 'replayed', resolved_at = now()
FROM unnest($1::integer[], $2::bigint[]) AS q(partition, source_offset)
WHERE r.partition = q.partition AND r.source_offset = q.source_offset AND r.state = 'replaying'`,
};

/** Returns the rows dropped; one that somebody replays, replayed or dropped stays as it is. */
export const dropDeadLetters: Statement<
  [...Ids, by: string, reason: string],
  { readonly partition: number; readonly source_offset: number }
> = {
  name: 'drop-dead-letters',
  text: `
INSERT INTO dead_letter_resolution (partition, source_offset, state, reason, resolved_by, resolved_at, attempt)
SELECT q.partition, q.source_offset, 'dropped', $4, $3, now(), 1
FROM unnest($1::integer[], $2::bigint[]) AS q(partition, source_offset)
ORDER BY q.partition, q.source_offset
ON CONFLICT (partition, source_offset) DO NOTHING
RETURNING partition, source_offset`,
};
