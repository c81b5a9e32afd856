import type { Statement } from '../statement';

/**
 * Locks the rows of its customers, in key order. A row that is as new already is left as it is: a former owner may still
 * write, and a checkpoint may run twice. All packed states travel as one binary parameter, cut here by start
 * (from 1) and length: an array of bytea would go as hexadecimal text, twice as long. Plan: primary key per row; no
 * indexed column changes, so updates stay HOT.
 */
export const writeStates: Statement<
  [
    partition: number,
    keys: readonly string[],
    stages: readonly string[],
    versions: readonly number[],
    packed: Uint8Array,
    starts: readonly number[],
    lengths: readonly number[],
  ]
> = {
  name: 'write-states',
  text: `
INSERT INTO customer_state (partition, key, stage, version, packed)
SELECT $1, r.key, r.stage, r.version, substring($5::bytea FROM r.start FOR r.length)
FROM unnest($2::text[], $3::text[], $4::bigint[], $6::integer[], $7::integer[]) AS r(key, stage, version, start, length)
ON CONFLICT (partition, key) DO UPDATE
SET stage = excluded.stage, version = excluded.version, packed = excluded.packed
WHERE customer_state.version < excluded.version`,
};
