/**
 * Hands activities to the log.
 *
 * 1. `accepted` is said only after the log has acknowledged every one of them.
 * 2. Whatever else is said, some of them may have been written: sent again, they are repeats by their ids.
 */
import { envelopeBytes, MAX_ACTIVITY_BYTES, MAX_ENVELOPE_BYTES, type OutRecord } from '@perennial/contracts';
import { InvalidInput, RetryableError } from '@perennial/values';
import type { LogProducer } from '@perennial/stream';
import { refuse, type Outcome, type Refusal } from './outcome';
import type { Prepared } from './request';

/** Resolves to `accepted`, or to why not; rejects only with a fault of ours. */
export type Publish = (activities: readonly Prepared[]) => Promise<Outcome>;

/** `acknowledged` hears of what the log has taken, and how long that took, in seconds. */
export function publisher(
  producer: Pick<LogProducer, 'send'>,
  acknowledged: (activities: readonly Prepared[], seconds: number) => void,
): Publish {
  return async (activities) => {
    const large = activities.find(({ record }) => isTooLarge(record));
    if (large !== undefined) return tooLarge(large.field);
    const started = performance.now();
    try {
      await producer.send(activities.map(({ record }) => record));
    } catch (error) {
      return refusalOf(error);
    }
    acknowledged(activities, (performance.now() - started) / 1000);
    return { kind: 'accepted', ids: activities.map(({ id }) => id) };
  };
}

function isTooLarge(record: OutRecord): boolean {
  return (record.value?.length ?? 0) > MAX_ACTIVITY_BYTES || envelopeBytes(record) > MAX_ENVELOPE_BYTES;
}

function tooLarge(field: string): Refusal {
  const what = field === '' ? 'The activity' : `The activity ${field}`;
  return refuse(
    'too-large',
    `${what} is larger than ${MAX_ACTIVITY_BYTES} bytes, or its attributes are larger than ${MAX_ENVELOPE_BYTES}: send less.`,
  );
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof RetryableError) {
    return error.code === 'STREAM.PRODUCER_FULL'
      ? refuse('busy', 'More is waiting for the log than it takes: send the request again, a little later.')
      : refuse(
          'unavailable',
          'The log did not acknowledge the activities in time: send the request again, a little later.',
        );
  }
  if (error instanceof InvalidInput) return refuse('too-large', 'The log refuses an activity for its size: send less.');
  throw error;
}
