import { TOPIC, type LogRecord } from '@perennial/contracts';
import { createEngine } from '@perennial/engine';
import { createEngineStore, migrate, openDatabase } from '@perennial/store';
import { prefixed, topicSpecs } from '@perennial/stream';
import { freshDatabase, silentObserver } from '@perennial/testing';
import { Installation, KEY, withoutRepeats } from './installation';
import { waitFor } from './wait-for';

const FACTS = [TOPIC.stageChanged, TOPIC.signal, TOPIC.state];

describe('over one log, on Kafka and PostgreSQL', () => {
  it('micro-batches of 500 and of 5,000 give byte for byte the facts of the job', async () => {
    const installation = await Installation.create('sizes');
    const { code, err } = await installation.run(['start', '--once', '--json']);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    const facts = await factsOf(installation, '');
    expect(facts.get(TOPIC.stageChanged)?.length).toBeGreaterThan(18_000);
    for (const size of [500, 5_000]) {
      await readAgain(installation, size);
      expect(await factsOf(installation, `of-${size}.`)).toEqual(facts);
    }
    await installation.remove();
  }, 420_000);
});

/** A second engine reads the same activity topic with a store of its own and publishes to topics of its own. */
async function readAgain(installation: Installation, batchRecords: number): Promise<void> {
  const fresh = await freshDatabase(migrate);
  const database = openDatabase({ url: fresh.url });
  const log = installation.log();
  const out = prefixed(log, `of-${batchRecords}.`);
  const admin = out.admin();
  await admin.createTopics(topicSpecs('', 4, 1).filter(({ name }) => name !== TOPIC.activity));
  const producer = out.producer();
  await producer.connect();
  const consumer = log.consumer({ topic: TOPIC.activity, group: `of-${batchRecords}` });
  const passed = new Map<number, number>();
  const engine = createEngine({
    owner: 'test',
    partitions: 4,
    key: Buffer.from(KEY),
    store: createEngineStore(database, { random: () => 0 }),
    publisher: { publish: (records) => producer.send(records).then(() => undefined) },
    flow: consumer,
    time: { now: Date.now, monotonic: () => performance.now(), after },
    observer: silentObserver({
      batch: (partition, { records }) => passed.set(partition, (passed.get(partition) ?? 0) + records),
    }),
    limits: { batchRecords },
  });
  await consumer.start({
    claim: async (partition) => (await engine.claim([partition])).get(partition) ?? null,
    revoke: (partitions) => {
      engine.revoke(partitions);
    },
    batch: (batch) => {
      engine.receive(batch);
      return Promise.resolve();
    },
    stopped: () => undefined,
  });
  const ends = await installation.ends(TOPIC.activity, log);
  await waitFor(
    'the end of the log',
    () => Promise.resolve([...ends].every(([partition, end]) => (passed.get(partition) ?? 0) >= end) ? true : null),
    150_000,
  );
  await engine.stop();
  await log.close();
  await database.close();
  await fresh.drop();
}

function after(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms);
  return () => {
    clearTimeout(timer);
  };
}

async function factsOf(installation: Installation, prefix: string): Promise<Map<string, string[]>> {
  const facts = new Map<string, string[]>();
  for (const topic of FACTS)
    facts.set(
      topic,
      withoutRepeats(await installation.records(`${prefix}${topic}`))
        .map(bytesOf)
        .sort(),
    );
  return facts;
}

/** Partition, key, value and headers as one text; sorted by it, partitions compare in order of their positions. */
function bytesOf({ partition, key, value, headers }: LogRecord & { readonly partition: number }): string {
  return [
    partition,
    Buffer.from(key ?? []).toString(),
    JSON.stringify(headers.map(({ name, value: text }) => [name, text && Buffer.from(text).toString('latin1')])),
    Buffer.from(value ?? []).toString(),
  ].join(' ');
}
