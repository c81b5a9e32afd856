import type { EngineEnvironment } from '@perennial/config';
import { TOPIC } from '@perennial/contracts';
import { abortable, type Log, topicSpecs } from '@perennial/stream';
import type { Logger } from 'pino';
import type { Assembly } from './assemble';
import { untilAvailable } from './until-available';

/** Schema, topics, and that log and databases belong together. */
export async function prepare(
  settings: EngineEnvironment,
  log: Log,
  { preparation, producer }: Assembly,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const admin = log.admin();
  const { prefix, partitions, replication } = settings.topics;
  await untilAvailable(() => preparation.migrate(), logger, signal);
  await untilAvailable(() => admin.connect(), logger, signal);
  await untilAvailable(() => admin.createTopics(topicSpecs('', partitions, replication)), logger, signal);
  const cluster = await untilAvailable(() => admin.clusterId(), logger, signal);
  const topic = `${prefix}${TOPIC.activity}`;
  await untilAvailable(() => preparation.check({ topic, partitions, cluster }), logger, signal);
  await admin.close();
  await abortable(producer.connect(), signal);
}
