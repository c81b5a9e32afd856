import { headersOf, headerText, type OutHeaders } from '../record';

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

/**
 * Headers as received, in their order, with those of forwarding. Forwarded once more, id and time stay those of the first time;
 * what a producer put there that is no text says nothing, and is replaced.
 */
export function forwardedHeaders(received: OutHeaders, { from, id, appendedAt }: Forwarding): OutHeaders {
  const added = headersOf({
    [FORWARD_HEADER.id]: id,
    ...(appendedAt === null ? {} : { [FORWARD_HEADER.appendedAt]: appendedAt }),
  });
  const missing = added.filter(
    ({ name }) => typeof name === 'string' && typeof headerText(received, name) !== 'string',
  );
  const replaced: readonly (string | Uint8Array)[] = [
    FORWARD_HEADER.from,
    ...(appendedAt === null ? [FORWARD_HEADER.appendedAt] : []),
    ...missing.map(({ name }) => name),
  ];
  return [
    ...missing,
    ...received.filter(({ name }) => !replaced.includes(name)),
    { name: FORWARD_HEADER.from, value: from },
  ];
}
