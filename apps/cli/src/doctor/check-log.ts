import type { DatabaseInspection, Layout } from '@perennial/store';
import type { PartitionOffsets } from '@perennial/stream';
import { TOPIC } from '@perennial/contracts';
import type { Connection } from '../connection';
import { type Finding, findingsOf, ok, wrong } from './finding';

/** What the log says, for the checks that come after. */
interface LogState {
  readonly findings: readonly Finding[];
  /** Of the activity topic, by partition; null when it cannot be told. */
  readonly ranges: ReadonlyMap<number, PartitionOffsets> | null;
}

type Parts = Pick<Connection, 'log' | 'inspection' | 'topics'>;

/** Whether the broker answers, has the topics as declared, and is the one that the databases belong to. */
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
  const log = { topic: `${topics.prefix}${TOPIC.activity}`, partitions: topics.partitions, cluster };
  return (await Promise.all(inspection.databases.map((one) => checkLayoutOf(one, log)))).flat();
}

function checkLayoutOf(
  database: DatabaseInspection,
  log: Pick<Layout, 'topic' | 'partitions' | 'cluster'>,
): Promise<readonly Finding[]> {
  const remedy =
    'Bring KAFKA_BROKERS, TOPIC_PREFIX, PARTITIONS and DATABASE_URL (DATABASE_URLS) back to the values that belong together.';
  return findingsOf('layout', remedy, async () => {
    const { name, first, last } = database;
    const stored = await database.layout();
    if (stored === null) return [wrong('layout', `the ${name} belongs to no log yet`, 'Start an engine.')];
    const { topic, partitions, cluster } = stored;
    if (topic !== log.topic || partitions !== log.partitions || cluster !== log.cluster)
      return [
        wrong('layout', `the ${name} belongs to ${topic} with ${partitions} partitions on cluster ${cluster}`, remedy),
      ];
    if (stored.first !== first || stored.last !== last)
      return [wrong('layout', `the ${name} holds partitions ${stored.first} to ${stored.last}`, remedy)];
    return [ok('layout', `log and ${name} belong together`)];
  });
}
