import {
  activityRecord,
  decodeRecord,
  type OutRecord,
  type SegmentMessage,
  storedHeaders,
  valueBytes,
} from '@perennial/contracts';
import { InvalidInput, RetryableError, type TenantId } from '@perennial/values';
import type { Acknowledged, Log } from '@perennial/stream';
import { LOG_PATIENCE_MS, openProducer } from '../open-producer';
import { withTimeLimit } from '../time-limit';

/**
 * Sends one activity, and resolves when the log has it. Throws `InvalidInput` for one that would only be set aside, and
 * `RetryableError` when the log does not answer; whether it was taken is not known then, and the message says what to do.
 */
export async function sendActivity(
  log: Pick<Log, 'producer'>,
  tenant: TenantId,
  message: SegmentMessage & { readonly messageId: string },
  patience = LOG_PATIENCE_MS,
): Promise<Acknowledged | undefined> {
  const record = acceptable(activityRecord(tenant, message));
  const producer = await openProducer(log, patience);
  try {
    const [acknowledged] = await withTimeLimit(producer.send([record]), patience, () => noAnswer(patience));
    return acknowledged;
  } catch (error) {
    throw error instanceof RetryableError ? notKnown(error, message.messageId) : error;
  }
}

const noAnswer = (patience: number): RetryableError =>
  new RetryableError('CLI.LOG_AWAY', `the log has not answered for ${patience / 1000} s`);

function notKnown(cause: RetryableError, id: string): RetryableError {
  return new RetryableError(
    'CLI.NOT_ACKNOWLEDGED',
    `It is not known whether the activity was taken. Send it again with --id ${id}: it counts once. Why: ${cause.message}`,
    { cause },
  );
}

/** What the engine would only set aside is refused here. */
function acceptable(record: OutRecord): OutRecord {
  const key = record.key === null ? null : Buffer.from(record.key);
  const headers = storedHeaders(record.headers);
  const decoded = decodeRecord({ ...record, key, value: valueBytes(record), headers, offset: 0, timestamp: 0 });
  if (decoded.kind !== 'poison') return record;
  throw new InvalidInput(
    'CLI.UNACCEPTABLE',
    `This activity would be a dead letter (${decoded.cause}). ${decoded.detail}`,
  );
}
