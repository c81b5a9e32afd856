import type { Statement } from '../statement';

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

/** Runs when the rows are written. Plan: primary key range. */
export const removeStateLog: Statement<[partition: number, through: number]> = {
  name: 'remove-state-log',
  text: 'DELETE FROM state_log WHERE partition = $1 AND first_offset <= $2',
};
