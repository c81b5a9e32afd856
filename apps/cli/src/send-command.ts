import { type Command, commandRecord, TOPIC } from '@perennial/contracts';
import type { Connection } from './connection';
import { openProducer } from './open-producer';

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
