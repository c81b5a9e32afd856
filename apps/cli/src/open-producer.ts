import { RetryableError } from '@perennial/values';
import type { Log, LogProducer } from '@perennial/stream';
import { withTimeLimit } from './time-limit';

/** How long a tool waits for a log that does not answer, in ms; a producer by itself tries for ever. */
export const LOG_PATIENCE_MS = 30_000;

/** A producer that is connected. Throws `RetryableError` when the log does not answer for `patience` ms. */
export async function openProducer(log: Pick<Log, 'producer'>, patience = LOG_PATIENCE_MS): Promise<LogProducer> {
  const producer = log.producer();
  await withTimeLimit(producer.connect(), patience, () => away(patience));
  return producer;
}

const away = (patience: number): RetryableError =>
  new RetryableError(
    'CLI.LOG_AWAY',
    `The log has not answered for ${patience / 1000} s, and nothing was sent. Check that the brokers are up, and the KAFKA_ settings.`,
  );
