import { CompressionTypes, ConfigResourceTypes } from 'kafkajs';
import { expectJoined, numbered, record, until } from '@perennial/testing';
import { KafkaBench } from '../../fixtures/kafka-bench';
import { Recorder } from '@perennial/testing';
import type { OffsetGap } from '@perennial/stream';

jest.setTimeout(30_000);

const mockZstd = { isBroken: false };
jest.mock('../wire/zstd', () => {
  const { decompressZstd } = jest.requireActual<{ decompressZstd: (compressed: Buffer) => Iterable<Buffer> }>(
    '../wire/zstd',
  );
  return {
    decompressZstd: (compressed: Buffer) => {
      if (mockZstd.isBroken) throw new Error('unreadable');
      return decompressZstd(compressed);
    },
  };
});

const silent = () => undefined;

describe('A consumer of Kafka', () => {
  let kafka: KafkaBench;
  const gaps: OffsetGap[] = [];

  beforeEach(async () => {
    gaps.length = 0;
    const observer = { link: silent, assigned: silent, gap: (gap: OffsetGap) => void gaps.push(gap) };
    kafka = await KafkaBench.open(process.env.KAFKA_BROKERS, { observer });
  });
  afterEach(() => kafka.close());

  // The broker packs what it stores with the code of the Java client.
  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads batches that Java packed with %s', async (codec) => {
    const { bench } = kafka;
    const topic = await bench.topic(1, { 'compression.type': codec });
    const values = numbered(500, 'value-');
    await bench.sendTexts(topic, 0, values);
    const [recorder] = await bench.consume(topic);
    await until(() => recorder.records(0).length === 500);
    expect(recorder.values(0)).toEqual(values);
  });

  it('reads what was committed, steps over the rest, and counts no gap for it', async () => {
    const { bench } = kafka;
    const topic = await bench.topic(1);
    const producer = await kafka.transactional(topic);
    const send = async (value: string, end: 'commit' | 'abort') => {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value }, { value: `${value}!` }] });
      await transaction[end]();
    };
    await send('a', 'commit');
    await send('b', 'abort');
    await send('c', 'commit');
    await producer.disconnect();
    const [recorder] = await bench.consume(topic);
    await until(() => recorder.records(0).length === 4);
    expect(recorder.values(0)).toEqual(['a', 'a!', 'c', 'c!']);
    expect(recorder.offsets(0)).toEqual([0, 1, 6, 7]);
    expect(gaps).toEqual([]);
    // The last offset is a marker: a reader that waits for a record there would never end.
    expect((await bench.readAll(topic)).get(0)).toEqual(['a', 'a!', 'c', 'c!']);
    await until(() => recorder.batches.at(-1)?.nextOffset === 9);
    expectJoined(recorder.batches, 0, 9);
  });

  it('tells where the position is when markers or aborted records are all that is left', async () => {
    const { bench } = kafka;
    const topic = await bench.topic(1);
    await bench.sendTexts(topic, 0, ['before']);
    const [recorder] = await bench.consume(topic);
    await until(() => recorder.records(0).length === 1);
    const producer = await kafka.transactional(topic);
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: 'never' }] });
    expect(await bench.stableOffset(topic)).toBe(1);
    await transaction.abort();
    await producer.disconnect();
    await until(() => recorder.batches.at(-1)?.nextOffset === 3);
    expect(recorder.values(0)).toEqual(['before']);
    expectJoined(recorder.batches, 0, 3);
    expect(await bench.stableOffset(topic)).toBe(3);
    const reader = new Recorder();
    const from = new Map([[0, 1]]);
    const until3 = new Map([[0, 3]]);
    await bench.log.reader().read({ topic, from, until: until3, batch: (batch) => void reader.batch(batch) });
    expectJoined(reader.batches, 1, 3);
  });

  it('unpacks no more of a batch than its owner takes, while other partitions go on', async () => {
    const { bench } = kafka;
    const topic = await bench.topic(2);
    const producer = kafka.kafka.producer();
    await producer.connect();
    const messages = numbered(40).map((value) => ({ partition: 0, value: value.padEnd(1024 * 1024) }));
    await producer.send({ topic, compression: CompressionTypes.GZIP, messages });
    await producer.disconnect();
    const recorder = new Recorder();
    recorder.onBatch = ({ partition }) => {
      if (partition === 0) consumer.pause(0);
      return Promise.resolve();
    };
    const [, consumer] = await bench.consume(topic, recorder);
    await until(() => recorder.records(0).length > 0);
    await bench.sendTexts(topic, 1, ['other']);
    await until(() => recorder.values(1).length === 1);
    expect(recorder.records(0).length).toBeLessThan(3);
    await until(() => {
      consumer.resume(0);
      return recorder.records(0).length === 40;
    });
    expect(recorder.values(0).map((value) => value.trim())).toEqual(numbered(40));
    expect(Math.max(...recorder.batches.map(({ bytes }) => bytes))).toBeLessThan(3 * 1024 * 1024);
    expectJoined(
      recorder.batches.filter(({ partition }) => partition === 0),
      0,
      40,
    );
  });

  it('stops a partition at the batch it cannot read, after everything before it, and says the offset', async () => {
    const { bench, admin } = kafka;
    const topic = await bench.topic(2);
    await bench.sendTexts(topic, 0, ['a', 'b', 'c']);
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        { type: ConfigResourceTypes.TOPIC, name: topic, configEntries: [{ name: 'compression.type', value: 'zstd' }] },
      ],
    });
    // Configuration reaches the log of the broker on its own time: written until it did.
    const recorder = new Recorder();
    try {
      await bench.consume(topic, recorder);
      mockZstd.isBroken = true;
      while (recorder.stops.size === 0) await bench.sendTexts(topic, 0, ['later']);
      const [last = -1] = recorder.offsets(0).slice(-1);
      expect(last).toBeGreaterThanOrEqual(2);
      expect(recorder.offsets(0)).toEqual([...Array(last + 1).keys()]);
      expect(recorder.stops.get(0)).toBe(`the batch at offset ${last + 1} of ${topic}/0 cannot be read: unreadable`);
      mockZstd.isBroken = false;
      await bench.sendTexts(topic, 1, ['fine']);
      await until(() => recorder.values(1).includes('fine'));
    } finally {
      mockZstd.isBroken = false;
    }
  });

  it('stops a partition whose records were deleted before they were read, and skips nothing', async () => {
    const { bench, admin } = kafka;
    const topic = await bench.topic(2);
    await bench.send(...numbered(5).map((value) => record(topic, 0, value)));
    await admin.fetchTopicOffsets(topic); // deleteTopicRecords needs the metadata
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
    const recorder = new Recorder();
    recorder.starts.set(0, 1);
    await bench.consume(topic, recorder);
    await until(() => recorder.stops.has(0));
    expect(recorder.stops.get(0)).toContain(`offset 1 of ${topic}/0 is outside the log, which holds [3, 5)`);
    await bench.sendTexts(topic, 0, ['v5']);
    await bench.sendTexts(topic, 1, ['other']);
    await until(() => recorder.records(1).length === 1);
    expect(recorder.records(0)).toEqual([]);
  });

  it('stops its partitions when the topic was recreated under it, and commits nothing to the group', async () => {
    const { bench, admin } = kafka;
    const topic = await bench.topic(1);
    await bench.sendTexts(topic, 0, numbered(5));
    const [recorder] = await bench.consume(topic);
    await until(() => recorder.records(0).length === 5);
    // Should the group notice first and claim again: that is where the owner's progress ends.
    recorder.starts.set(0, 5);
    await admin.deleteTopics({ topics: [topic] });
    await until(async () => !(await admin.listTopics()).includes(topic));
    await bench.createTopic(topic, 1);
    await bench.sendTexts(topic, 0, ['new']);
    await until(() => recorder.stops.has(0));
    expect(recorder.stops.get(0)).toContain('the topic was recreated or lost records');
    const [group] = await admin.fetchOffsets({ groupId: `${topic}-group`, topics: [topic] });
    expect(group?.partitions.map(({ offset }) => offset)).toEqual(['-1']);
  });
});
