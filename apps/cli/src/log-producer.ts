import { InvalidInput, RetryableError, type TenantId } from '@perennial/values';
import type { Acknowledged, Log, LogProducer } from '@perennial/stream';
import {
  activityRecord,
  type Command,
  commandRecord,
  decodeRecord,
  type OutRecord,
  recordBytes,
  type SegmentMessage,
  storedHeaders,
  TOPIC,
  valueBytes,
} from '@perennial/contracts';
import type { Connection } from './connection';

/** How long a tool waits for a log that does not answer, in ms. A producer without it retries for ever. */
const LOG_PATIENCE_MS = 30_000;

/** Opens a producer and connects it. Throws `RetryableError` when the log does not answer for `patience` ms. */
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

/** Settles as `work` does, or rejects with the error of `late` after `ms`. The work itself is not cancelled. */
async function withTimeLimit<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late());
    }, ms);
  });
  try {
    return await Promise.race([work, passed]);
  } finally {
    clearTimeout(timer);
  }
}

/** Bytes of one `send`: one produce request, which its time limit is enough for. A single record may be larger. */
const PIECE_BYTES = 800_000;

/**
 * Sends any number of records in order, in calls of bounded bytes, one after the other: `send` has one time limit for a call
 * of any size. After an error records before the failed call are written, those after it are not. Throws as `send`.
 */
export async function sendInPieces(
  producer: Pick<LogProducer, 'send'>,
  records: readonly OutRecord[],
  pieceBytes = PIECE_BYTES,
): Promise<void> {
  for (const piece of piecesOf(records, pieceBytes)) await producer.send(piece);
}

function* piecesOf(records: readonly OutRecord[], most: number): Generator<readonly OutRecord[]> {
  let [piece, bytes]: [OutRecord[], number] = [[], 0];
  for (const record of records) {
    const size = recordBytes(record);
    if (piece.length > 0 && bytes + size > most) {
      yield piece;
      [piece, bytes] = [[], 0];
    }
    piece.push(record);
    bytes += size;
  }
  if (piece.length > 0) yield piece;
}

/**
 * Signs a command under a new number and sends it to every partition; answers its offset in each. Throws `RetryableError` while log
 * or database are away: some partitions may have it then.
 */
export async function sendCommand(
  { log, signing, numbers, partitions }: Pick<Connection, 'log' | 'signing' | 'numbers' | 'partitions'>,
  command: Command,
): Promise<ReadonlyMap<number, number>> {
  const number = await numbers.next();
  const producer = await openProducer(log);
  try {
    const acknowledged = await producer.send(
      Array.from({ length: partitions }, (_, partition) =>
        signing.sign(commandRecord(TOPIC.activity, partition, command), number),
      ),
    );
    return new Map(acknowledged.map(({ partition, baseOffset }) => [partition, baseOffset]));
  } finally {
    await producer.close();
  }
}

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

/** Refuses what the engine would make a dead letter of. */
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
