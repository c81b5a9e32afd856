/**
 * Forwarding: an activity that stands in a partition that is not its customer's (clients hash differently) goes through the
 * outbox to the right one, with its id and its time.
 *
 * The outbox may publish it twice after a crash, so it needs an id by which the second is known for a repeat: its position,
 * where the producer gave none.
 */
import {
  type Activity,
  FORWARD_HEADER,
  forwardedHeaders,
  headerText,
  type LogRecord,
  type OutRecord,
  type Position,
  TOPIC,
} from '@perennial/contracts';
import { formatInstant, type Instant, parseInstant } from '@perennial/values';

/** The record for the customer's own partition. Forwarded once more, it keeps what the first forwarding said. */
export function forward(record: LogRecord, key: string, to: number, { topic, partition, offset }: Position): OutRecord {
  return {
    topic: TOPIC.activity,
    partition: to,
    key,
    value: record.value,
    headers: forwardedHeaders(record.headers, {
      id: `${topic}:${partition}:${offset}`,
      appendedAt: formatInstant(record.timestamp),
      from: `${partition}:${offset}`,
    }),
  };
}

/** The activity of a record, with the id of its forwarding where it has none of its own. */
export function identified(activity: Activity, { headers }: LogRecord): Activity {
  const id = activity.id ?? headerText(headers, FORWARD_HEADER.id) ?? null;
  return id === activity.id ? activity : { ...activity, id };
}

/** When a record was first appended. Never later than the broker says, so nobody can use the header to reach into the future. */
export function appendedAt({ headers, timestamp }: LogRecord): Instant {
  const stated = headerText(headers, FORWARD_HEADER.appendedAt) ?? null;
  return stated === null ? timestamp : Math.min(timestamp, parseInstant(stated) ?? timestamp);
}
