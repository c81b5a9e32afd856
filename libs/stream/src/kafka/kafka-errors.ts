import { InvalidInput, InvariantViolation, RetryableError } from '@perennial/contracts';
import { KafkaJSError } from 'kafkajs';
import { errorText } from '../error-text';
import { recordTooLarge, topicUnknown } from '../stream-errors';

/** The reaction that an error of kafkajs demands; `what` says what was tried, e.g. `sending to topic x`. */
export function asStreamError(error: unknown, what: string, topic = ''): Error {
  if (error instanceof RetryableError || error instanceof InvalidInput || error instanceof InvariantViolation) {
    return error;
  }
  switch (protocolError(error)) {
    case 'MESSAGE_TOO_LARGE':
    case 'RECORD_LIST_TOO_LARGE':
      return recordTooLarge(topic, 'the broker refused it', error);
    case 'UNKNOWN_TOPIC_OR_PARTITION':
      return topicUnknown(topic, error);
    default:
      return new RetryableError(
        'STREAM.LOG_AWAY',
        `${what} failed: ${errorText(error)}; check that the brokers are up, and the KAFKA_ settings`,
        { cause: error },
      );
  }
}

/** Kafka's name of the error that is behind this one; undefined when the broker did not answer with an error. */
export function protocolError(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('type' in current && typeof current.type === 'string') return current.type;
  }
  return undefined;
}

const LIBRARY_FAULTS = [
  'KafkaJSNotImplemented',
  'KafkaJSPartialMessageError',
  'KafkaJSUnsupportedMagicByteInMessageSet',
];

/** True when an answer of the broker could not be read (codec, damage); not when there was none. */
export function isUndecodable(error: unknown): boolean {
  if (error instanceof KafkaJSError) return LIBRARY_FAULTS.includes(error.name);
  return !(error instanceof RetryableError);
}

/** The partition that a fetch was refused for since its offset is not in the log. */
export function outOfRange(error: unknown): number | undefined {
  const known = error instanceof Error && error.name === 'KafkaJSOffsetOutOfRange' && 'partition' in error;
  return known && typeof error.partition === 'number' ? error.partition : undefined;
}
