import { expectJoined, numbered, record, until, type LogBench } from './log-bench';
import { gate, Recorder } from './recorder';

export function describeConsumer(bench: () => LogBench): void {
  it('delivers the records of a key in order, with the end of the log', async () => {
    const topic = await bench().topic(3);
    const keyed = numbered(30).map((value, index) => ({
      topic,
      key: `k${index % 5}`,
      value: new TextEncoder().encode(`k${index % 5}-${value}`),
      headers: [],
    }));
    await bench().send(...keyed);
    const [recorder] = await bench().consume(topic);
    await until(() => recorder.batches.flatMap((batch) => [...batch.records]).length === 30);
    for (const key of numbered(5, 'k')) {
      const mine = (values: readonly string[]) => values.filter((value) => value.startsWith(`${key}-`));
      const partition = [0, 1, 2].find((candidate) => mine(recorder.values(candidate)).length > 0) ?? -1;
      expect(mine(recorder.values(partition))).toEqual(mine(keyed.map(({ value }) => new TextDecoder().decode(value))));
    }
    for (const batch of recorder.batches) {
      expect(batch.highWatermark).toBeGreaterThan(batch.records.at(-1)?.offset ?? Infinity);
    }
  });

  it('delivers batches that join on: each begins where the one before ended, and the last ends at the end of the log', async () => {
    const topic = await bench().topic(1);
    for (const value of numbered(4)) await bench().sendTexts(topic, 0, [value]);
    const recorder = new Recorder();
    recorder.starts.set(0, 1);
    await bench().consume(topic, recorder);
    await until(() => recorder.records(0).length === 3);
    await bench().sendTexts(topic, 0, numbered(3000, 'x'.repeat(1000)));
    await until(() => recorder.records(0).length === 3003);
    expectJoined(recorder.batches, 1, 3004);
  });

  it('starts each partition where its claim says', async () => {
    const topic = await bench().topic(2);
    for (const partition of [0, 1]) await bench().sendTexts(topic, partition, numbered(6));
    const recorder = new Recorder();
    recorder.starts.set(0, 4).set(1, 2);
    await bench().consume(topic, recorder);
    await until(() => recorder.records(0).length === 2 && recorder.records(1).length === 4);
    expect(recorder.offsets(0)).toEqual([4, 5]);
    expect(recorder.offsets(1)).toEqual([2, 3, 4, 5]);
  });

  it('delivers nothing before the claim is settled', async () => {
    const topic = await bench().topic(1);
    await bench().sendTexts(topic, 0, numbered(3));
    const recorder = new Recorder();
    const held = gate();
    recorder.onClaim = () => held.passed;
    await bench().consume(topic, recorder);
    await until(() => recorder.claims.length === 1);
    // A second consumer that gets everything shows that the records were there to be delivered.
    const [witness] = await bench().consume(topic, new Recorder(), `${topic}-witness`);
    await until(() => witness.records(0).length === 3);
    expect(recorder.batches).toEqual([]);
    held.open();
    await until(() => recorder.records(0).length === 3);
  });

  it('stops a partition whose claim fails, and says why', async () => {
    const topic = await bench().topic(2);
    const failing = new Recorder();
    failing.onClaim = () => Promise.reject(new Error('database is away'));
    await bench().consume(topic, failing);
    await until(() => failing.stops.size === 2);
    expect(failing.stops.get(0)).toContain('database is away');
  });

  it('stops a partition loudly when its start is not in the log, and lets the others go on', async () => {
    const topic = await bench().topic(2);
    for (const partition of [0, 1]) await bench().sendTexts(topic, partition, numbered(3));
    const recorder = new Recorder();
    recorder.starts.set(0, 10);
    await bench().consume(topic, recorder);
    await until(() => recorder.stops.has(0) && recorder.records(1).length === 3);
    expect(recorder.stops.get(0)).toMatch(
      new RegExp(`offset 10 of .*${topic}/0 is outside the log, which holds \\[0, 3\\)`),
    );
    await bench().sendTexts(topic, 0, ['late']);
    await bench().sendTexts(topic, 1, ['late']);
    await until(() => recorder.records(1).length === 4);
    expect(recorder.records(0)).toEqual([]);
  });

  it('claims a partition that comes back anew, and delivers again from there; one that it kept goes on as it is', async () => {
    const topic = await bench().topic(2);
    for (const partition of [0, 1]) await bench().sendTexts(topic, partition, numbered(4));
    const [recorder, consumer] = await bench().consume(topic);
    await until(() => [0, 1].every((partition) => recorder.records(partition).length === 4));
    const [other, joined] = await bench().consume(topic);
    await until(() => recorder.revoked.length === 1 && other.claims.length === 1);
    const [moved = -1] = recorder.revoked;
    await joined.stop();
    await until(() => recorder.records(moved).length === 8);
    expect(recorder.offsets(moved).slice(-4)).toEqual([0, 1, 2, 3]);
    expect([...recorder.claims].sort()).toEqual([0, 1, moved].sort());
    await bench().sendTexts(topic, 1 - moved, ['late']);
    await until(() => recorder.records(1 - moved).length === 5);
    expect(recorder.offsets(1 - moved)).toEqual([0, 1, 2, 3, 4]);
    await consumer.stop();
  });

  it('holds a paused partition back, and goes on where it was', async () => {
    const topic = await bench().topic(2);
    const [recorder, consumer] = await bench().consume(topic);
    recorder.onBatch = (batch) => {
      if (batch.partition === 0) consumer.pause(0);
      return Promise.resolve();
    };
    await bench().sendTexts(topic, 0, ['a']);
    await until(() => recorder.records(0).length === 1);
    await bench().sendTexts(topic, 0, ['b']);
    await bench().sendTexts(topic, 1, ['c']);
    await until(() => recorder.records(1).length === 1);
    expect(recorder.values(0)).toEqual(['a']);
    consumer.resume(0);
    await until(() => recorder.records(0).length === 2);
    expect(recorder.values(0)).toEqual(['a', 'b']);
  });

  it('goes on at the offset sought', async () => {
    const topic = await bench().topic(1);
    await bench().sendTexts(topic, 0, numbered(5));
    const [recorder, consumer] = await bench().consume(topic);
    await until(() => recorder.records(0).length === 5);
    consumer.seek(0, 3);
    await until(() => recorder.records(0).length === 7);
    expect(recorder.offsets(0)).toEqual([0, 1, 2, 3, 4, 3, 4]);
  });

  it('bears pause, resume, seek and stop of partitions it does not have', async () => {
    const topic = await bench().topic(1);
    const consumer = bench().log.consumer({ topic, group: `${topic}-early` });
    consumer.pause(0);
    consumer.seek(0, 5);
    consumer.resume(7);
    await bench().sendTexts(topic, 0, ['a']);
    const recorder = new Recorder();
    await consumer.start(recorder);
    await until(() => recorder.records(0).length === 1);
    expect(recorder.offsets(0)).toEqual([0]);
    await consumer.stop();
    consumer.pause(0);
    consumer.seek(0, 0);
    consumer.resume(0);
    await consumer.stop();
  });

  it('waits for a slow handler, partition by partition, with one batch outstanding', async () => {
    const topic = await bench().topic(2);
    const recorder = new Recorder();
    const held = gate();
    recorder.onBatch = (batch) => (batch.partition === 0 ? held.passed : Promise.resolve());
    await bench().consume(topic, recorder);
    await bench().sendTexts(topic, 0, ['a']);
    await until(() => recorder.records(0).length === 1);
    await bench().sendTexts(topic, 0, ['b']);
    for (const value of numbered(5)) await bench().sendTexts(topic, 1, [value]);
    await until(() => recorder.records(1).length === 5);
    expect(recorder.values(0)).toEqual(['a']);
    held.open();
    await until(() => recorder.records(0).length === 2);
  });

  it('stops the partition whose handler fails, with the reason', async () => {
    const topic = await bench().topic(2);
    const recorder = new Recorder();
    recorder.onBatch = (batch) => (batch.partition === 0 ? Promise.reject(new Error('broken')) : Promise.resolve());
    await bench().consume(topic, recorder);
    await bench().send(record(topic, 0, 'a'), record(topic, 1, 'b'));
    await until(() => recorder.stops.has(0) && recorder.records(1).length === 1);
    expect(recorder.stops.get(0)).toContain('broken');
    await bench().send(record(topic, 0, 'c'), record(topic, 1, 'd'));
    await until(() => recorder.records(1).length === 2);
    expect(recorder.values(0)).toEqual(['a']);
  });

  it('shares the partitions among two members; those of one that leaves move to the other', async () => {
    const topic = await bench().topic(4);
    const [first] = await bench().consume(topic);
    await until(() => first.assigned.length === 4);
    const [second, leaving] = await bench().consume(topic);
    await until(() => first.assigned.length === 2 && second.assigned.length === 2);
    expect([...first.assigned, ...second.assigned].sort()).toEqual([0, 1, 2, 3]);
    expect([...first.revoked].sort()).toEqual([...second.assigned].sort());
    const shared = second.assigned;
    await leaving.stop();
    expect([...second.revoked].sort()).toEqual([...shared].sort());
    await until(() => first.assigned.length === 4);
    for (const partition of [0, 1, 2, 3]) await bench().sendTexts(topic, partition, ['x']);
    await until(() => [0, 1, 2, 3].every((partition) => first.records(partition).length === 1));
    expect(second.batches).toEqual([]);
  });

  it('leaves groups alone that read the same topic', async () => {
    const topic = await bench().topic(1);
    const [one] = await bench().consume(topic, new Recorder(), `${topic}-one`);
    const [two] = await bench().consume(topic, new Recorder(), `${topic}-two`);
    await bench().sendTexts(topic, 0, numbered(3));
    await until(() => one.records(0).length === 3 && two.records(0).length === 3);
  });

  it('takes up a topic that is created later', async () => {
    const topic = `${await bench().topic(1)}-later`;
    const [recorder] = await bench().consume(topic);
    await bench().createTopic(topic, 2);
    await until(() => recorder.assigned.length === 2);
    await bench().sendTexts(topic, 1, ['a']);
    await until(() => recorder.records(1).length === 1);
  });

  it('starts once', async () => {
    const topic = await bench().topic(1);
    const [, consumer] = await bench().consume(topic);
    await expect((async () => consumer.start(new Recorder()))()).rejects.toMatchObject({
      code: 'STREAM.STARTED_TWICE',
    });
  });
}
