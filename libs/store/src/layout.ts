import { InvalidInput } from '@perennial/contracts';
import type { Database } from './database';
import { readInstallation, rememberInstallation } from './sql/installation';
import { bind } from './statement';

/** The log that the database's offsets and partition numbers refer to. */
export interface Layout {
  readonly topic: string;
  readonly partitions: number;
  /** The log's own id of its cluster. */
  readonly cluster: string;
}

/**
 * Remembers the layout at the first start; afterwards throws `InvalidInput` STORE.LAYOUT_CHANGED when it is another
 * one: customers would meet the states of others, and offsets would mean other records.
 */
export async function checkLayout(database: Database, layout: Layout): Promise<void> {
  await database.query(bind(rememberInstallation, layout.topic, layout.partitions, layout.cluster));
  const [stored = layout] = await database.query(bind(readInstallation));
  const found = describeLayout(layout);
  const expected = describeLayout(stored);
  if (found === expected) return;
  throw new InvalidInput(
    'STORE.LAYOUT_CHANGED',
    `The database belongs to ${expected}, but the log is ${found}. ` +
      'Set KAFKA_BROKERS, DATABASE_URL and the topic back to the pair that belongs together, or start with an empty database.',
  );
}

const describeLayout = ({ topic, partitions, cluster }: Layout): string =>
  `topic ${topic} with ${partitions} partitions on cluster ${cluster}`;
