/** The log does not continue where the stored progress ends: a loud stop, never a silent skip. */
import { TOPIC } from '@perennial/contracts';
import { DEFAULT_TENANT } from '@perennial/values';
import { topicSpecs } from '@perennial/stream';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { endAll, EngineProcess } from './harness/engine-process';
import { filling, order, PARTITIONS } from './harness/filling';
import { append, openGround, progress, settled } from './harness/ground';

jest.setTimeout(180_000);

let installation: Installation;
let engine: EngineProcess;
let admin: Admin;
let topic = '';

beforeEach(async () => {
  installation = await openGround('lost-log');
  topic = `${installation.prefix}${TOPIC.activity}`;
  engine = new EngineProcess(installation);
  await append(installation, filling({ seed: 1, activities: 100, live: 0 }));
  admin = new Kafka({ brokers: [process.env['KAFKA_BROKERS'] ?? ''], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await settled(installation);
});
afterEach(async () => {
  await admin.disconnect();
  await endAll();
  await installation.remove();
});

it('records deleted before they were read stop the partition, and the others go on', async () => {
  await engine.stop();
  const before = await progress(installation);
  await append(installation, everywhere('unread'));
  await append(installation, everywhere('kept'));
  await admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = [{ partition: 0, offset: String((before.get(0) ?? 0) + 1) }];
  await admin.deleteTopicRecords({ topic, partitions });
  engine = new EngineProcess(installation);
  await stoppedLoudly(0, 'deleted before they were read');
  await waitFor('the other partitions to go on', async () => {
    const now = await progress(installation);
    return [1, 2, 3].every((partition) => (now.get(partition) ?? 0) >= (before.get(partition) ?? 0) + 2) ? true : null;
  });
  expect((await progress(installation)).get(0)).toBe(before.get(0));
});

it('a topic that was recreated under the engine stops all partitions', async () => {
  const before = await progress(installation);
  await admin.deleteTopics({ topics: [topic] });
  await waitFor('the topic to go', async () => ((await admin.listTopics()).includes(topic) ? null : true));
  const log = installation.log();
  await log.admin().createTopics(topicSpecs('', PARTITIONS, 1));
  await log.close();
  await append(installation, everywhere('of the new topic'));
  for (let partition = 0; partition < PARTITIONS; partition += 1)
    await stoppedLoudly(partition, 'the topic was recreated or lost records');
  expect(await progress(installation)).toEqual(before);
});

/** Not ready, with the reason; a metric; a line in the log. */
async function stoppedLoudly(partition: number, reason: string): Promise<void> {
  await waitFor(`partition ${partition} to stop`, async () =>
    (await engine.metric('lifecycle_partition_stopped', `partition="${partition}"`)) === 1 ? true : null,
  );
  const { ready, reasons } = await engine.readiness();
  expect({ ready, reasons: reasons.join() }).toEqual({
    ready: false,
    reasons: expect.stringContaining(reason) as string,
  });
  expect(engine.log).toContain('partition stands still and needs an operator');
}

/** A record for each partition. */
const everywhere = (id: string) =>
  Array.from({ length: PARTITIONS }, (_, partition) => ({ ...order(DEFAULT_TENANT, 'anybody', id, null), partition }));
