import { ENGINE_GROUP, TOPIC } from '@perennial/contracts';
import { InvalidInput } from '@perennial/values';
import type { Connection } from '../connection';

const PATIENCE_MS = 30_000;

/**
 * Makes the engines share the partitions anew, so that they claim also one that stands still: joins their group for a
 * moment and leaves it. False when the log has no groups that another process could join.
 */
export async function shareAnew({ log, topics }: Pick<Connection, 'log' | 'topics'>): Promise<boolean> {
  try {
    const consumer = log.consumer({ topic: TOPIC.activity, group: `${topics.prefix}${ENGINE_GROUP}` });
    await new Promise<void>((joined, failed) => {
      const late = setTimeout(joined, PATIENCE_MS);
      const claim = (): Promise<null> => {
        clearTimeout(late);
        joined();
        return Promise.resolve(null);
      };
      const nothing = (): void => undefined;
      consumer.start({ claim, revoke: nothing, batch: () => Promise.resolve(), stopped: nothing }).catch(failed);
    });
    await consumer.stop();
    return true;
  } catch (error) {
    if (error instanceof InvalidInput) return false;
    throw error;
  }
}
