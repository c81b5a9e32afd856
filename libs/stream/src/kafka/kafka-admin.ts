import { ConfigResourceTypes, type Admin } from 'kafkajs';
import type { LogAdmin, PartitionOffsets, TopicSpec } from '../port';
import { refuseOtherTopic } from '../topics';
import { openConnection, type Connection } from './connection';
import { asStreamError, protocolError } from './kafka-errors';
import { topicOffsets } from './offsets';
import type { KafkaSettings } from './options';

/** Each call has a connection of its own: they are rare. */
export class KafkaAdmin implements LogAdmin {
  private readonly open = new Set<Connection>();

  constructor(private readonly settings: KafkaSettings) {}

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
    return this.connected(`finding the offsets of topic ${topic}`, topic, async ({ cluster }) => {
      await cluster.connect();
      await cluster.addMultipleTargetTopics([topic]);
      return topicOffsets(cluster, topic);
    });
  }

  clusterId(): Promise<string> {
    return this.connected('asking for the cluster', '', async ({ kafka }) => {
      const admin = kafka.admin();
      await admin.connect();
      return (await admin.describeCluster()).clusterId;
    });
  }

  close(): Promise<void> {
    for (const connection of this.open) connection.cut();
    return Promise.resolve();
  }

  /** False when somebody else was faster. */
  private create(admin: Admin, { name, partitions, replication, config }: TopicSpec): Promise<boolean> {
    return admin.createTopics({
      timeout: this.settings.requestTimeoutMs,
      topics: [
        {
          topic: name,
          numPartitions: partitions,
          replicationFactor: replication,
          configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
        },
      ],
    });
  }

  private async connected<T>(what: string, topic: string, use: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = openConnection(this.settings);
    this.open.add(connection);
    try {
      return await use(connection);
    } catch (error) {
      throw asStreamError(error, what, topic);
    } finally {
      connection.cut();
      this.open.delete(connection);
    }
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
