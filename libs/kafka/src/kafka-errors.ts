/** The reaction that an error of Kafka demands, and what mends it. */
import { KafkaJSError } from 'kafkajs';
import { recordTooLarge, topicUnknown } from '@perennial/stream';
import { errorText, InvalidInput, InvariantViolation, RetryableError } from '@perennial/values';

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

/** What brokers refuse for good, and no outage: the remedy of each. Source: https://kafka.apache.org/protocol#protocol_error_codes */
const REMEDIES: Readonly<Record<string, string>> = {
  SASL_AUTHENTICATION_FAILED: 'check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD',
  UNSUPPORTED_SASL_MECHANISM: 'check KAFKA_SASL_MECHANISM',
  ILLEGAL_SASL_STATE: 'check KAFKA_SASL_MECHANISM',
  SECURITY_DISABLED: 'the brokers have no log-in configured; take KAFKA_SASL_MECHANISM away',
  TOPIC_AUTHORIZATION_FAILED: 'let the user of KAFKA_SASL_USERNAME describe, create, read and write the topics',
  GROUP_AUTHORIZATION_FAILED: 'let the user of KAFKA_SASL_USERNAME read the consumer group',
  CLUSTER_AUTHORIZATION_FAILED:
    'let the user of KAFKA_SASL_USERNAME describe the cluster, create topics and write idempotently',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'let the user of KAFKA_SASL_USERNAME write idempotently',
  INVALID_TOPIC_EXCEPTION: 'check TOPIC_PREFIX',
  INVALID_PARTITIONS: 'check PARTITIONS',
  INVALID_CONFIG: 'the brokers do not take a setting of the topic; create it by hand, as docs/asyncapi says',
  POLICY_VIOLATION: 'a policy of the brokers forbids the topic; create it by hand, as docs/asyncapi says',
  UNSUPPORTED_VERSION: 'the brokers are too old',
};
/** Refused, until more brokers are there. */
const TOO_FEW_BROKERS = 'INVALID_REPLICATION_FACTOR';
const LOG_IN = 'KafkaJSSASLAuthenticationError';
/** A log-in that failed since the connection did. */
const CUT_OFF = /clos|time|ECONN|socket/i;
/** A certificate that is not trusted, or TLS that one side does not speak. */
const TLS_CODE = /^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|EPROTO$)|SELF_SIGNED|UNABLE_TO_/;

/** Kafka's name of the error that is behind this one; undefined when the broker did not answer with an error. */
export function protocolError(error: unknown): string | undefined {
  return first(error, ({ type }) => (typeof type === 'string' ? type : undefined));
}

/** What mends a refusal that waiting does not mend; null when the broker is away, or refuses for the moment. */
function refusalRemedy(error: unknown): string | null {
  const remedy = REMEDIES[protocolError(error) ?? ''];
  if (remedy !== undefined) return remedy;
  const isLogIn = first(error, ({ name, message }) => (name === LOG_IN && !CUT_OFF.test(String(message))) || undefined);
  if (isLogIn === true) return REMEDIES['SASL_AUTHENTICATION_FAILED'] ?? null;
  const isTls = first(error, ({ code }) => (typeof code === 'string' && TLS_CODE.test(code)) || undefined);
  return isTls === true
    ? 'check KAFKA_SSL and the files of KAFKA_SSL_CA_FILE, KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE'
    : null;
}

/** What to do while the broker is away, or refuses for the moment. */
function outageRemedy(error: unknown): string {
  return protocolError(error) === TOO_FEW_BROKERS
    ? 'start more brokers, or lower REPLICATION_FACTOR'
    : 'check that the brokers are up, and the KAFKA_ settings';
}

type Shape = Partial<Record<'type' | 'name' | 'code' | 'message' | 'cause' | 'errors', unknown>>;

/** The first answer for the error, its causes and, when several topics failed, the errors of each. */
function first<T>(error: unknown, answer: (shape: Shape) => T | undefined): T | undefined {
  if (!(error instanceof Error)) return undefined;
  const shape = error as Shape;
  const found = answer(shape) ?? first(shape.cause, answer);
  if (found !== undefined || !Array.isArray(shape.errors)) return found;
  for (const each of shape.errors) {
    const inner = first(each, answer);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
