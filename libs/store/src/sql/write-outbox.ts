import type { Statement } from '../statement';

/** One row per micro-batch, however many facts. Plan: insert; a second blob of the same offset is refused. */
export const writeOutbox: Statement<[partition: number, firstOffset: number, bytes: Uint8Array]> = {
  name: 'write-outbox',
  text: 'INSERT INTO outbox (partition, first_offset, bytes) VALUES ($1, $2, $3)',
};
