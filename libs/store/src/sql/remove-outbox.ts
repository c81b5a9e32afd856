import type { Statement } from '../statement';

/** Runs before write-outbox. Plan: primary key range, a handful of rows. */
export const removeOutbox: Statement<[partition: number, publishedThrough: number]> = {
  name: 'remove-outbox',
  text: 'DELETE FROM outbox WHERE partition = $1 AND first_offset <= $2',
};
