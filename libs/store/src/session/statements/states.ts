/**
 * States of customers: `state_log` takes one row per micro-batch, `customer_state` one per customer, by checkpoint (ADR 0017).
 *
 * The parameter `packed` of {@link writeStates} holds the states of all its customers, in the order of their keys:
 *
 * | field | bytes | at |
 * | --- | --- | --- |
 * | snapshot of customer i, opaque here | `lengths[i]` | `starts[i]`, counted from 1 as SQL's `substring` does |
 *
 * without gaps: `starts[0]` is 1, `starts[i + 1]` is `starts[i] + lengths[i]`. A row of `state_log` is a `StateRows` (libs/processor/src/state-rows.ts).
 *
 * Source: https://www.postgresql.org/docs/current/functions-binarystring.html (`substring`).
 */
import type { StateRow } from '@perennial/processor';
import { bind, type Bound, type Statement } from '../../postgres/statement';

/* state_log */

/** One row per micro-batch that changed a state. Plan: insert; a second row of the same offset is refused. */
export const appendStateLog: Statement<[partition: number, firstOffset: number, bytes: Uint8Array]> = {
  name: 'append-state-log',
  text: 'INSERT INTO state_log (partition, first_offset, bytes) VALUES ($1, $2, $3)',
};

export interface StateLogRow {
  readonly first_offset: number;
  readonly bytes: Uint8Array;
}

/** No lock of its own: runs after claim-partition in its transaction, which keeps writers away. Plan: primary key, prefix, in order. */
export const readStateLog: Statement<[partition: number], StateLogRow> = {
  name: 'read-state-log',
  text: 'SELECT first_offset, bytes FROM state_log WHERE partition = $1 ORDER BY first_offset',
};

/** Runs once a checkpoint has written the rows. Plan: primary key range. */
export const removeStateLog: Statement<[partition: number, through: number]> = {
  name: 'remove-state-log',
  text: 'DELETE FROM state_log WHERE partition = $1 AND first_offset <= $2',
};

/* customer_state */

/** No lock: the partition has one owner; a former owner fails at commit. Plan: primary key, one descent per key. */
export const loadStates: Statement<
  [partition: number, keys: readonly string[]],
  { readonly key: string; readonly packed: Uint8Array }
> = {
  name: 'load-states',
  text: 'SELECT key, packed FROM customer_state WHERE partition = $1 AND key = ANY($2::text[])',
};

/**
 * Locks the rows of its customers, in key order. A row that is as new already is left as it is: a former owner may still
 * write, and a checkpoint may run twice. All packed states travel as one binary parameter, cut here by start
 * and length: an array of bytea would go as hexadecimal text, twice as long. Plan: primary key per row; no
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

/** Brings the rows of these customers up to date, in key order; no key twice. */
export function writeStatements(partition: number, states: readonly StateRow[]): readonly Bound<unknown>[] {
  const rows = states.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const starts: number[] = [];
  let start = 1;
  for (const { packed } of rows) {
    starts.push(start);
    start += packed.length;
  }
  return [
    bind(
      writeStates,
      partition,
      rows.map((row) => row.key),
      rows.map((row) => row.label),
      rows.map((row) => row.version),
      Buffer.concat(rows.map((row) => row.packed)),
      starts,
      rows.map((row) => row.packed.length),
    ),
  ];
}
