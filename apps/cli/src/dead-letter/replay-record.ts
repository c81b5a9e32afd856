import { type DeadLetter, forwardedHeaders, type OutRecord, TOPIC } from '@perennial/contracts';
import { formatInstant, partitionFor } from '@perennial/values';
import type { DeadLetterId } from '@perennial/store';
import { identityOf } from './identity';

export type ReplayRecord = OutRecord & { readonly partition: number };

/**
 * The record that goes back: the bytes and headers as they were, and the headers of forwarding. A record without a key (a
 * clock record, a command) goes to the partition it came from, for which it is signed.
 */
export function replayRecord(
  { position, cause, key, value, headers, appendedAt }: DeadLetter,
  partitions: number,
): ReplayRecord {
  return {
    topic: TOPIC.activity,
    partition: key === null ? position.partition : partitionFor(key, partitions),
    key,
    value,
    headers: forwardedHeaders(headers, {
      id: identityOf(position),
      // The future is told by the append time: against the first one it would be the future for ever.
      appendedAt: cause === 'future-timestamp' ? null : formatInstant(appendedAt),
      from: sourceOf(position),
    }),
  };
}

/** What `FORWARD_HEADER.from` says of a replayed dead letter: no other record says the same. */
export function sourceOf({ partition, offset }: DeadLetterId): string {
  return `${partition}:${offset}`;
}
