import { ENGINE_GROUP, TOPIC } from '@perennial/contracts';
import { createKafkaLog } from '@perennial/kafka';
import { type Log, type PartitionOffsets, prefixed, topicSpecs } from '@perennial/stream';
import { type Admin, Kafka, logLevel } from 'kafkajs';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const OUTPUTS = [TOPIC.deadLetter, TOPIC.stageChanged, TOPIC.signal, TOPIC.state];

/** Topics under a prefix of their own, which the engines of the bench share one after the other. */
export class Site {
  readonly log: Log;
  private readonly admin: Admin;

  constructor(
    readonly brokers: string,
    readonly prefix: string,
    readonly partitions: number,
  ) {
    const kafka = createKafkaLog({
      brokers: brokers.split(','),
      clientId: 'bench',
      ssl: false,
      sasl: null,
      sessionTimeoutMs: 10_000,
      heartbeatMs: 1_000,
      requestTimeoutMs: 30_000,
      logger: silent,
    });
    this.log = prefixed(kafka, prefix);
    this.admin = new Kafka({ brokers: brokers.split(','), clientId: 'bench', logLevel: logLevel.NOTHING }).admin();
  }

  async open(): Promise<void> {
    await this.admin.connect();
  }

  async createTopics(): Promise<void> {
    const admin = this.log.admin();
    await admin.createTopics(topicSpecs('', this.partitions, 1));
    await admin.close();
  }

  /** Forgets what an engine has made of the activity topic: its facts and its group. The next one creates them anew. */
  async forgetOutput(): Promise<void> {
    await this.deleteTopics(OUTPUTS.map((topic) => `${this.prefix}${topic}`));
    await this.admin.deleteGroups([`${this.prefix}${ENGINE_GROUP}`]).catch(() => undefined); // where there is none yet
  }

  /** Deletes the topics of these names, prefix included, that exist. */
  async deleteTopics(names: readonly string[]): Promise<void> {
    const existing = (await this.admin.listTopics()).filter((name) => names.includes(name));
    if (existing.length > 0) await this.admin.deleteTopics({ topics: existing });
    while ((await this.admin.listTopics()).some((name) => names.includes(name))) await tick();
  }

  async remove(): Promise<void> {
    const all = (await this.admin.listTopics()).filter((name) => name.startsWith(this.prefix));
    await this.deleteTopics(all);
    await this.admin.disconnect();
    await this.log.close();
  }

  async offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    const admin = this.log.admin();
    try {
      return await admin.offsets(topic);
    } finally {
      await admin.close();
    }
  }

  /** How many records of a topic a read_committed reader could have read by now; 0 while it does not exist. */
  async readable(topic: string): Promise<number> {
    try {
      const offsets = await this.admin.fetchTopicOffsets(`${this.prefix}${topic}`);
      return offsets.reduce((sum, { high }) => sum + Number(high), 0);
    } catch {
      return 0;
    }
  }
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
