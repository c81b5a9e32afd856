import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { asAdminError, asStreamError } from './kafka-errors';

const answered = (type: string): Error =>
  Object.assign(new KafkaJSProtocolError({ message: `said ${type}`, type, code: 1, retriable: false } as never), {
    type,
  });
const exceeded = (cause: Error): Error =>
  new KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 3, retryTime: 1, cause } as never);
const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
const ofTopics = (...errors: Error[]): Error =>
  Object.assign(new Error('Topic creation errors'), { name: 'KafkaJSAggregateError', errors });

describe('An error of Kafka', () => {
  it.each<[Error, string]>([
    [answered('SASL_AUTHENTICATION_FAILED'), 'KAFKA_SASL_PASSWORD'],
    [exceeded(answered('TOPIC_AUTHORIZATION_FAILED')), 'let the user'],
    [ofTopics(answered('POLICY_VIOLATION')), 'said POLICY_VIOLATION; a policy of the brokers'],
    [named('KafkaJSSASLAuthenticationError', 'SASL Plain: Invalid username or password'), 'KAFKA_SASL_PASSWORD'],
    [
      Object.assign(new KafkaJSConnectionError('self-signed certificate'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
      'KAFKA_SSL',
    ],
  ])('that waiting does not mend ends a start, with the remedy: %s', (error, remedy) => {
    expect(asAdminError(error, 'connecting')).toMatchObject({
      name: 'InvalidInput',
      code: 'STREAM.MISCONFIGURED',
      message: expect.stringContaining(remedy) as string,
    });
    expect(asStreamError(error, 'connecting')).toMatchObject({ name: 'RetryableError', code: 'STREAM.REFUSED' });
  });

  it.each<[Error, string]>([
    [Object.assign(new KafkaJSConnectionError('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'brokers are up'],
    [named('KafkaJSSASLAuthenticationError', 'SASL PLAIN authentication failed: Closed connection'), 'brokers are up'],
    [ofTopics(answered('INVALID_REPLICATION_FACTOR')), 'REPLICATION_FACTOR'],
    [answered('NOT_LEADER_FOR_PARTITION'), 'brokers are up'],
  ])('that may pass is waited for, with what to look at: %s', (error, remedy) => {
    expect(asAdminError(error, 'connecting')).toMatchObject({
      name: 'RetryableError',
      code: 'STREAM.LOG_AWAY',
      message: expect.stringContaining(remedy) as string,
    });
  });
});
