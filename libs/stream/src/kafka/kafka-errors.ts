import { InvalidInput, InvariantViolation, RetryableError } from '@perennial/values';
import { KafkaJSError } from 'kafkajs';
import { errorText } from '../error-text';
import { recordTooLarge, topicUnknown } from '../stream-errors';
import { outageRemedy, protocolError, refusalRemedy } from './kafka-refusals';

/**
 * The reaction that an error of kafkajs demands; `what` says what was tried, e.g. `sending to topic x`. What brokers refuse
 * for good is retryable too (STREAM.REFUSED): a running service mends itself once the grant is given.
 */
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
    default: {
      const refusal = refusalOf(error, what);
      if (refusal !== null) return new RetryableError('STREAM.REFUSED', refusal, { cause: error });
      const message = `${what} failed: ${describeError(error)}; ${outageRemedy(error)}`;
      return new RetryableError('STREAM.LOG_AWAY', message, { cause: error });
    }
  }
}

/** As {@link asStreamError}, for the start and for tools: what brokers refuse for good ends them (`InvalidInput`). */
export function asAdminError(error: unknown, what: string, topic = ''): Error {
  const refusal = refusalOf(error, what);
  if (refusal === null) return asStreamError(error, what, topic);
  return new InvalidInput('STREAM.MISCONFIGURED', refusal, { cause: error });
}

function refusalOf(error: unknown, what: string): string | null {
  const remedy = refusalRemedy(error);
  return remedy === null ? null : `${what} was refused by Kafka: ${describeError(error)}; ${remedy}`;
}

/** Several topics may fail in one call: what is wrong with the first. */
function describeError(error: unknown): string {
  const inner: unknown =
    error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : null;
  return inner === null || inner === undefined ? errorText(error) : `${errorText(error)}: ${errorText(inner)}`;
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
