import { ConfigResourceTypes, type Admin } from 'kafkajs';
import { type LogAdmin, logClosed, type PartitionOffsets, refuseOtherTopic, type TopicSpec } from '@perennial/stream';
import {
  type Connection,
  connectTo,
  endOffsets,
  openConnection,
  READ_COMMITTED,
  READ_UNCOMMITTED,
  topicOffsets,
} from './connection';
import { asAdminError, protocolError } from './kafka-errors';
import type { KafkaSettings } from './options';

const NOT_YET = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'];
const POLL_MS = 20;

/** Each call has a connection of its own: they are rare. It ends with the call, or when the admin or the log is closed. */
export class KafkaAdmin implements LogAdmin {
  private readonly open = new Set<Connection>();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly closing: AbortSignal,
  ) {}

  async connect(): Promise<void> {
    await this.connected('connecting', '', ({ cluster }) => cluster.connect());
  }

  createTopics(topics: readonly TopicSpec[]): Promise<readonly string[]> {
    return this.connected('creating topics', '', async ({ kafka }) => {
      const admin = kafka.admin();
      await admin.connect();
      const names = await admin.listTopics();
      const created: string[] = [];
      for (const spec of topics) {
        if (!names.includes(spec.name) && (await this.create(admin, spec))) created.push(spec.name);
        else await compare(admin, spec);
      }
      return created;
    });
  }

  offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    return this.connected(`finding the offsets of topic ${topic}`, topic, async (connection) => {
      await connectTo(connection, topic);
      return topicOffsets(connection.cluster, topic);
    });
  }

  stableOffsets(topic: string): Promise<ReadonlyMap<number, number>> {
    const use = async (connection: Connection) => {
      await connectTo(connection, topic);
      return endOffsets(connection.cluster, topic);
    };
    return this.connected(`finding how far topic ${topic} can be read`, topic, use, READ_COMMITTED);
  }

  clusterId(): Promise<string> {
    return this.connected('asking for the cluster', '', async ({ kafka }) => {
      const admin = kafka.admin();
      await admin.connect();
      return (await admin.describeCluster()).clusterId;
    });
  }

  close(): Promise<void> {
    for (const connection of this.open) connection.destroy();
    return Promise.resolve();
  }

  /** False when somebody else was faster. */
  private async create(admin: Admin, { name, partitions, replication, config }: TopicSpec): Promise<boolean> {
    const timeout = this.settings.requestTimeoutMs;
    const created = await admin.createTopics({
      timeout,
      waitForLeaders: false,
      topics: [
        {
          topic: name,
          numPartitions: partitions,
          replicationFactor: replication,
          configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
        },
      ],
    });
    await untilUsable(admin, name, performance.now() + timeout);
    return created;
  }

  private async connected<T>(
    what: string,
    topic: string,
    use: (connection: Connection) => Promise<T>,
    isolationLevel = READ_UNCOMMITTED,
  ): Promise<T> {
    const { closing } = this;
    if (closing.aborted) throw logClosed();
    const connection = openConnection(this.settings, isolationLevel);
    this.open.add(connection);
    closing.addEventListener('abort', connection.destroy);
    try {
      return await use(connection);
    } catch (error) {
      throw asAdminError(error, what, topic);
    } finally {
      closing.removeEventListener('abort', connection.destroy);
      connection.destroy();
      this.open.delete(connection);
    }
  }
}

/** The broker that is asked may hear of a topic later than the one that created it. */
async function untilUsable(admin: Admin, name: string, deadline: number): Promise<void> {
  for (;;) {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
      if (topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return;
    } catch (error) {
      if (!NOT_YET.includes(protocolError(error) ?? '') || performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function compare(admin: Admin, spec: TopicSpec): Promise<void> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [spec.name] });
  const partitions = topics[0]?.partitions.length ?? 0;
  refuseOtherTopic(spec, { partitions, config: await configOf(admin, spec.name) });
}

/** Nothing where this user may not see it. */
async function configOf(admin: Admin, name: string): Promise<Record<string, string>> {
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name }],
    });
    const entries = resources[0]?.configEntries ?? [];
    return Object.fromEntries(entries.map((entry) => [entry.configName, entry.configValue]));
  } catch (error) {
    if (protocolError(error)?.endsWith('AUTHORIZATION_FAILED') === true) return {};
    throw error;
  }
}
