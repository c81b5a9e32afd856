import { InvalidInput } from '@perennial/values';
import type { Database } from '../postgres/database';
import type { PartitionGroup } from '../postgres/databases';
import { bind, type Statement } from '../postgres/statement';

/** The log that a database's offsets and partition numbers refer to, and the partitions of it that the database holds. */
export interface Layout extends PartitionGroup {
  readonly topic: string;
  readonly partitions: number;
  /** The log's own id of its cluster. */
  readonly cluster: string;
}

/**
 * Remembers the layout at the first start; afterwards throws `InvalidInput` when it is another one. STORE.LAYOUT_CHANGED:
 * customers would meet the states of others, and offsets would mean other records. STORE.GROUP_CHANGED: partitions would
 * begin anew in this database while what they were is in another. `name` says which database, for the message.
 */
export async function checkLayout(database: Database, layout: Layout, name = 'database'): Promise<void> {
  const { topic, partitions, cluster, first, last } = layout;
  await database.query(bind(rememberInstallation, topic, partitions, cluster, first, last));
  const [stored = layout] = await database.query(bind(readInstallation));
  const found = describeLog(layout);
  const expected = describeLog(stored);
  if (found !== expected)
    throw new InvalidInput(
      'STORE.LAYOUT_CHANGED',
      `The ${name} belongs to ${expected}, but the log is ${found}. ` +
        'Set KAFKA_BROKERS, DATABASE_URL and the topic back to the pair that belongs together, or start with an empty database.',
    );
  if (stored.first !== first || stored.last !== last)
    throw new InvalidInput(
      'STORE.GROUP_CHANGED',
      `The ${name} holds partitions ${stored.first} to ${stored.last}, but was given ${first} to ${last}. ` +
        'Set DATABASE_URLS (or DATABASE_URL) back: what is stored of a partition does not move with the setting.',
    );
}

const describeLog = ({ topic, partitions, cluster }: Layout): string =>
  `topic ${topic} with ${partitions} partitions on cluster ${cluster}`;

interface InstallationRow {
  readonly topic: string;
  readonly partitions: number;
  readonly cluster: string;
  readonly first: number;
  readonly last: number;
}

/** The first start writes the one row; a start at the same time waits for its lock. Plan: insert. */
const rememberInstallation: Statement<
  [topic: string, partitions: number, cluster: string, first: number, last: number]
> = {
  name: 'remember-installation',
  text: `
INSERT INTO installation (topic, partitions, cluster, first_partition, last_partition) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (only_row) DO NOTHING`,
};

export const readInstallation: Statement<[], InstallationRow> = {
  name: 'read-installation',
  text: 'SELECT topic, partitions, cluster, first_partition AS first, last_partition AS last FROM installation',
};
