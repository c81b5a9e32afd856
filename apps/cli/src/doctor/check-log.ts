import type { PartitionOffsets } from '@perennial/stream';
import { TOPIC } from '@perennial/contracts';
import type { Connection } from '../connection';
import { type Finding, findingsOf, ok, wrong } from './finding';

/** What the log says, for the checks that come after. */
export interface LogState {
  readonly findings: readonly Finding[];
  /** Of the activity topic, by partition; null when it cannot be told. */
  readonly ranges: ReadonlyMap<number, PartitionOffsets> | null;
}

type Parts = Pick<Connection, 'log' | 'inspection' | 'topics'>;

/** Whether the broker answers, has the topics as declared, and is the one that the database belongs to. */
export async function checkLog(connection: Parts): Promise<LogState> {
  let ranges: LogState['ranges'] = null;
  const findings = await findingsOf('broker', 'Start the broker, or correct KAFKA_BROKERS.', async () => {
    const admin = connection.log.admin();
    await admin.connect();
    try {
      const cluster = await admin.clusterId();
      const topics = await checkTopics(connection);
      const layout = await checkLayout(connection, cluster);
      const exists = topics.every(({ state }) => state === 'ok');
      if (exists) ranges = new Map((await admin.offsets(TOPIC.activity)).map((range) => [range.partition, range]));
      return [ok('broker', `answers, cluster ${cluster}`), ...topics, ...layout];
    } finally {
      await admin.close();
    }
  });
  return { findings, ranges };
}

const CREATE = 'Start an engine: it creates what is missing. If the topic had records, restore it instead.';

async function checkTopics({ log, topics }: Parts): Promise<readonly Finding[]> {
  const { topicSpecs } = await import('@perennial/stream');
  const specs = topicSpecs('', topics.partitions, topics.replication);
  const admin = log.admin();
  const missing = await Promise.all(
    specs.map(({ name }) => findingsOf('topics', CREATE, () => admin.offsets(name).then(() => []))),
  );
  if (missing.flat().length > 0) return missing.flat();
  // All exist, so nothing is created here; what differs is refused.
  return findingsOf('topics', 'Set the configuration back to what the topics have.', async () => {
    await admin.createTopics(specs);
    return [ok('topics', `${specs.length} as declared, ${topics.partitions} partitions each`)];
  });
}

async function checkLayout({ inspection, topics }: Parts, cluster: string): Promise<readonly Finding[]> {
  const remedy =
    'Bring KAFKA_BROKERS, TOPIC_PREFIX, PARTITIONS and DATABASE_URL back to the values that belong together.';
  return findingsOf('layout', remedy, async () => {
    const stored = await inspection.layout();
    const topic = `${topics.prefix}${TOPIC.activity}`;
    if (stored === null) return [wrong('layout', 'the database belongs to no log yet', 'Start an engine.')];
    const same = stored.topic === topic && stored.partitions === topics.partitions && stored.cluster === cluster;
    if (same) return [ok('layout', 'log and database belong together')];
    const other = `${stored.topic} with ${stored.partitions} partitions on cluster ${stored.cluster}`;
    return [wrong('layout', `the database belongs to ${other}`, remedy)];
  });
}
