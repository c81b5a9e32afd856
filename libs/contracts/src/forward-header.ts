import { hasHeader, headersOf, type OutHeaders } from './headers';

/** Headers of a record that was sent on within the activity topic: to its customer's own partition, or back from the dead letters. */
export const FORWARD_HEADER = {
  /** `partition:offset` where it stood. */
  from: 'perennial-forwarded-from',
  /** Its id, where the producer gave none. */
  id: 'perennial-forwarded-id',
  /** When it was appended there: the event time where the producer stated none. */
  appendedAt: 'perennial-forwarded-appended-at',
} as const;

/** What the headers of forwarding say; `appendedAt` null: nothing, and what was said before is left out. */
export interface Forwarding {
  readonly from: string;
  readonly id: string;
  readonly appendedAt: string | null;
}

/** Headers as received, in their order, with those of forwarding. Forwarded once more, id and time stay those of the first time. */
export function forwardedHeaders(received: OutHeaders, { from, id, appendedAt }: Forwarding): OutHeaders {
  const added = headersOf({
    [FORWARD_HEADER.id]: id,
    ...(appendedAt === null ? {} : { [FORWARD_HEADER.appendedAt]: appendedAt }),
  });
  const replaced: readonly (string | Uint8Array)[] =
    appendedAt === null ? [FORWARD_HEADER.from, FORWARD_HEADER.appendedAt] : [FORWARD_HEADER.from];
  return [
    ...added.filter(({ name }) => typeof name !== 'string' || !hasHeader(received, name)),
    ...received.filter(({ name }) => !replaced.includes(name)),
    { name: FORWARD_HEADER.from, value: from },
  ];
}
