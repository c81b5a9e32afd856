import { InvalidInput, RetryableError } from '@perennial/values';

/** Errors that every adapter throws alike. */
export function topicUnknown(topic: string, cause?: unknown): RetryableError {
  return new RetryableError(
    'STREAM.TOPIC_UNKNOWN',
    `topic ${topic} does not exist; it is created by the migration step (\`perennial up\` does it at start)`,
    { cause },
  );
}

export function logClosed(): RetryableError {
  return new RetryableError('STREAM.CLOSED', 'the connection to the log was closed by this process');
}

export function recordTooLarge(topic: string, detail: string, cause?: unknown): InvalidInput {
  return new InvalidInput(
    'STREAM.RECORD_TOO_LARGE',
    `a record for topic ${topic} is too large: ${detail}; make it smaller, or raise max.message.bytes of the topic`,
    { cause },
  );
}

export function partitionUnknown(topic: string, partition: number, partitions: number): InvalidInput {
  return new InvalidInput(
    'STREAM.PARTITION_UNKNOWN',
    `partition ${partition} of topic ${topic} does not exist; it has ${partitions}, from 0`,
  );
}

/** Why a position cannot be read; also the reason given to `ConsumerHandlers.stopped`. */
export function outsideLog(topic: string, partition: number, offset: number, low: number, high: number): string {
  const cause =
    offset > high
      ? 'the topic was recreated or lost records'
      : 'the records between were deleted before they were read (retention)';
  return (
    `offset ${offset} of ${topic}/${partition} is outside the log, which holds [${low}, ${high}): ${cause}. ` +
    'Nothing was skipped; restore the topic, or reset the progress of this partition'
  );
}

export function offsetOutside(
  topic: string,
  partition: number,
  offset: number,
  low: number,
  high: number,
): InvalidInput {
  return new InvalidInput('STREAM.OFFSET_OUTSIDE', outsideLog(topic, partition, offset, low, high));
}
