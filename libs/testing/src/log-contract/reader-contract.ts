import { expectJoined, numbered, until, type LogBench } from './log-bench';
import { Recorder } from './recorder';

export function describeReader(bench: () => LogBench): void {
  it('reads from the beginning to an end given, and no further', async () => {
    const topic = await bench().topic(2);
    await bench().sendTexts(topic, 0, numbered(6));
    const recorder = new Recorder();
    await bench()
      .log.reader()
      .read({
        topic,
        from: 'beginning',
        until: new Map([
          [0, 4],
          [1, 0],
        ]),
        batch: (batch) => void recorder.batch(batch),
      });
    expect(recorder.values(0)).toEqual(numbered(4));
    expect(recorder.records(1)).toEqual([]);
  });

  it('hands over batches that join on, and ends the last one at the end given', async () => {
    const topic = await bench().topic(1);
    await bench().sendTexts(topic, 0, numbered(3000, 'x'.repeat(1000)));
    const recorder = new Recorder();
    await bench()
      .log.reader()
      .read({
        topic,
        from: new Map([[0, 2]]),
        until: new Map([[0, 2995]]),
        batch: (batch) => void recorder.batch(batch),
      });
    expectJoined(recorder.batches, 2, 2995);
    expect(recorder.offsets(0)).toHaveLength(2993);
  });

  it('reads only the partitions it is given offsets of', async () => {
    const topic = await bench().topic(2);
    for (const partition of [0, 1]) await bench().sendTexts(topic, partition, numbered(5));
    const recorder = new Recorder();
    await bench()
      .log.reader()
      .read({
        topic,
        from: new Map([[1, 3]]),
        until: new Map([[1, 5]]),
        batch: (batch) => void recorder.batch(batch),
      });
    expect(recorder.offsets(1)).toEqual([3, 4]);
    expect(recorder.records(0)).toEqual([]);
  });

  it('follows the log from its end until it is told to stop', async () => {
    const topic = await bench().topic(1);
    await bench().sendTexts(topic, 0, ['old']);
    const recorder = new Recorder();
    const stop = new AbortController();
    // A first read from a known offset proves that `end` was resolved before `new` was sent.
    const reading = bench()
      .log.reader()
      .read({
        topic,
        from: new Map([[0, 1]]),
        signal: stop.signal,
        batch: (batch) => void recorder.batch(batch),
      });
    await bench().sendTexts(topic, 0, ['new']);
    await until(() => recorder.records(0).length === 1);
    stop.abort();
    await reading;
    expect(recorder.values(0)).toEqual(['new']);
  });

  it('begins at the end when asked to', async () => {
    const topic = await bench().topic(1);
    await bench().sendTexts(topic, 0, ['old']);
    const recorder = new Recorder();
    const stop = new AbortController();
    const reading = bench()
      .log.reader()
      .read({ topic, from: 'end', signal: stop.signal, batch: (batch) => void recorder.batch(batch) });
    // The reader finds the end on its own time: later records arrive as soon as it did.
    while (recorder.batches.length === 0) await bench().sendTexts(topic, 0, ['new']);
    stop.abort();
    await reading;
    expect(new Set(recorder.values(0))).toEqual(new Set(['new']));
  });

  it('ends at once when the signal was given before', async () => {
    const topic = await bench().topic(1);
    await bench().sendTexts(topic, 0, ['a']);
    const recorder = new Recorder();
    const signal = AbortSignal.abort();
    await bench()
      .log.reader()
      .read({ topic, from: 'beginning', signal, batch: (batch) => void recorder.batch(batch) });
    expect(recorder.batches).toEqual([]);
  });

  it('refuses an offset that the log does not have, and a topic that does not exist', async () => {
    const topic = await bench().topic(1);
    await bench().sendTexts(topic, 0, ['a']);
    const reader = bench().log.reader();
    const batch = () => undefined;
    await expect(reader.read({ topic, from: new Map([[0, 9]]), batch })).rejects.toMatchObject({
      code: 'STREAM.OFFSET_OUTSIDE',
    });
    await expect(reader.read({ topic: `${topic}-none`, from: 'beginning', batch })).rejects.toMatchObject({
      code: 'STREAM.TOPIC_UNKNOWN',
    });
  });
}

export function describeAdmin(bench: () => LogBench): void {
  it('creates what is missing, and says what it created', async () => {
    const topic = await bench().topic(2);
    expect(await bench().createTopic(topic, 2)).toEqual([]);
    const admin = bench().log.admin();
    await admin.connect();
    const spec = { partitions: 1, replication: 1, config: {} };
    const created = await admin.createTopics([
      { ...spec, name: topic, partitions: 2 },
      { ...spec, name: `${topic}-a` },
      { ...spec, name: `${topic}-b` },
    ]);
    expect([...created].sort()).toEqual([`${topic}-a`, `${topic}-b`]);
    await admin.close();
  });

  it('refuses a topic with another number of partitions, or with another meaning', async () => {
    const topic = await bench().topic(2, { 'cleanup.policy': 'compact' });
    await expect(bench().createTopic(topic, 3)).rejects.toMatchObject({ code: 'STREAM.PARTITIONS_DIFFER' });
    await expect(bench().createTopic(topic, 2, { 'cleanup.policy': 'delete' })).rejects.toMatchObject({
      code: 'STREAM.TOPIC_DIFFERS',
    });
  });

  it('names the log, always alike', async () => {
    const admin = bench().log.admin();
    expect(await admin.clusterId()).toMatch(/^[\w-]{8,}$/);
    expect(await bench().log.admin().clusterId()).toBe(await admin.clusterId());
  });

  it('tells the offsets of each partition', async () => {
    const topic = await bench().topic(2);
    await bench().sendTexts(topic, 1, numbered(3));
    const admin = bench().log.admin();
    await admin.connect();
    const offsets = [...(await admin.offsets(topic))].sort((a, b) => a.partition - b.partition);
    expect(offsets).toEqual([
      { partition: 0, low: 0, high: 0 },
      { partition: 1, low: 0, high: 3 },
    ]);
    expect((await admin.stableOffsets(topic)).get(1)).toBe(3);
    await expect(admin.offsets(`${topic}-none`)).rejects.toMatchObject({ code: 'STREAM.TOPIC_UNKNOWN' });
    await admin.close();
  });
}
