/** Headers of a record that was sent on within the activity topic: to its customer's own partition, or back from the dead letters. */
export const FORWARD_HEADER = {
  /** `partition:offset` where it stood. */
  from: 'perennial-forwarded-from',
  /** Its id, where the producer gave none. */
  id: 'perennial-forwarded-id',
  /** When it was appended there: the event time where the producer stated none. */
  appendedAt: 'perennial-forwarded-appended-at',
} as const;
