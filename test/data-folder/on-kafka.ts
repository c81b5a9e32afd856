/** A frozen folder's topics on Kafka, each record at its offset and with its append time; engine and collector as in production. */
import type { ChildProcess } from 'node:child_process';
import { TOPIC } from '@perennial/contracts';
import { topicSpecs } from '@perennial/stream';
import { ConfigResourceTypes, Kafka, logLevel, type Message } from 'kafkajs';
import { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { query } from '../integrity/harness/stored';
import { startEngine } from '../ops/engine-process';
import type { FrozenFolder, StoredRecord } from './frozen-folder';
import type { Ground } from './going-on';

const PARTITIONS = 4;

export async function onKafka(folder: FrozenFolder): Promise<Ground> {
  const installation = await Installation.create('data-folder', undefined, folder.database);
  Object.assign(installation.environment, { PERENNIAL_KEY: folder.key });
  await moveToKafka(folder, installation);
  const log = installation.log();
  const engine = await startEngine(installation);
  const collector = installation.start(['collector'], { COLLECTOR_PORT: '0' });
  const url = await addressOf(collector);
  return {
    installation,
    collector: url,
    ends: () => installation.ends(TOPIC.activity, log),
    records: (topic) => installation.records(topic),
    stop: async () => {
      await Promise.all([engine.stop(), ended(collector)]);
      await log.close();
    },
  };
}

/** The broker keeps the times of records in a topic on `CreateTime`; the product's setting is put in force afterwards. */
async function moveToKafka(folder: FrozenFolder, { prefix }: Installation): Promise<void> {
  const kafka = new Kafka({ brokers: [process.env['KAFKA_BROKERS'] ?? ''], logLevel: logLevel.NOTHING });
  const [admin, producer] = [kafka.admin(), kafka.producer({ allowAutoTopicCreation: false })];
  await Promise.all([admin.connect(), producer.connect()]);
  const specs = topicSpecs(prefix, PARTITIONS, 1);
  const entries = (config: Readonly<Record<string, string>>) =>
    Object.entries(config).map(([name, value]) => ({ name, value }));
  await admin.createTopics({
    waitForLeaders: true,
    topics: specs.map(({ name, config }) => ({
      topic: name,
      numPartitions: PARTITIONS,
      configEntries: entries({ ...config, 'message.timestamp.type': 'CreateTime' }),
    })),
  });
  for (const topic of Object.values(TOPIC)) {
    const records = await folder.records(topic);
    await producer.send({ topic: `${prefix}${topic}`, messages: records.map(messageOf) });
    const ends = await admin.fetchTopicOffsets(`${prefix}${topic}`);
    expect(ends.reduce((sum, { high }) => sum + Number(high), 0)).toBe(records.length);
  }
  await admin.alterConfigs({
    validateOnly: false,
    resources: specs.map(({ name, config }) => ({
      ...{ type: ConfigResourceTypes.TOPIC, name, configEntries: entries(config) },
    })),
  });
  const { clusterId } = await admin.describeCluster();
  await query(folder.database.url, `UPDATE installation SET topic = '${prefix}' || topic, cluster = '${clusterId}'`);
  await Promise.all([admin.disconnect(), producer.disconnect()]);
}

function messageOf({ partition, key, value, headers, timestamp }: StoredRecord): Message {
  return {
    ...{ partition, timestamp: String(timestamp) },
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: Object.fromEntries(headers.map((header) => [String(header.name), Buffer.from(header.value ?? [])])),
  };
}

async function addressOf(collector: ChildProcess): Promise<string> {
  let said = '';
  collector.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return waitFor('the collector', () => Promise.resolve(/The collector is up: (\S+)\/health/.exec(said)?.[1] ?? null));
}

async function ended(collector: ChildProcess): Promise<void> {
  if (collector.exitCode !== null) return;
  const exit = new Promise((resolve) => collector.once('exit', resolve));
  collector.kill('SIGTERM');
  await exit;
}
