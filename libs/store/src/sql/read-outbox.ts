import type { Statement } from '../statement';

/** No lock of its own: runs after claim-partition in its transaction, which keeps writers away. Plan: primary key, prefix, in order. */
export const readOutbox: Statement<[partition: number], { readonly first_offset: number; readonly bytes: Uint8Array }> =
  {
    name: 'read-outbox',
    text: 'SELECT first_offset, bytes FROM outbox WHERE partition = $1 ORDER BY first_offset',
  };
