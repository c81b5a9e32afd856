import type { CustomerId, Instant, JsonObject } from '@perennial/values';

export const ACTIVITY_TYPES = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
export type ActivityType = (typeof ACTIVITY_TYPES)[number];

/** One event about a customer, whichever envelope it came in. */
export interface Activity {
  /** The producer's id; null when it gave none (such an activity is never recognised as a repeat). */
  readonly id: string | null;
  /**
   * The CloudEvents source, where the id is that of a CloudEvent: the two together are its identity (CloudEvents 1.0,
   * "id"). Absent: the id alone is, as with Segment's messageId.
   */
  readonly source?: string;
  readonly customer: CustomerId;
  readonly type: ActivityType;
  /** Name of a `track`, or the type of a foreign CloudEvent; null for the other types. */
  readonly event: string | null;
  /** Event time as the producer stated it; null when it stated none (the append time stands in). */
  readonly at: Instant | null;
  /** The time was corrected on the way here: a repeat of the activity may state another. */
  readonly corrected?: true;
  /** `properties` of track, page and screen, `traits` of identify and group, data of a foreign CloudEvent. */
  readonly properties: JsonObject;
}
