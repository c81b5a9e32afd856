import { type OutHeader } from '@perennial/contracts';
import { InvalidInput, RetryableError } from '@perennial/values';
import { numbered, record, type LogBench } from './log-bench';
import { Recorder } from './recorder';

/** Partition among six, computed with `Utils.murmur2` of the Java client 4.1.1. */
const JAVA_PARTITIONS: readonly [string, number][] = [
  ['acme:c1', 1],
  ['acme:c2', 3],
  ['default:42', 5],
  ['a', 4],
  ['', 3],
  ['grüße:ß', 3],
  ['shop:0001', 2],
  ['shop:0002', 5],
  ['x:y:z', 2],
  ['12345678', 0],
];

export function describeProducer(bench: () => LogBench): void {
  it('puts a key where the Java client puts it, given as text or as bytes', async () => {
    const topic = await bench().topic(6);
    for (const [key, partition] of JAVA_PARTITIONS) {
      const plain = { topic, value: null, headers: [] };
      expect(await bench().send({ ...plain, key })).toMatchObject([{ topic, partition }]);
      expect(await bench().send({ ...plain, key: new TextEncoder().encode(key) })).toMatchObject([{ partition }]);
    }
  });

  it('puts a record without key and partition into the first partition', async () => {
    const topic = await bench().topic(3);
    expect(await bench().send({ topic, key: null, value: null, headers: [] })).toMatchObject([{ partition: 0 }]);
  });

  it('keeps the records of a partition in the order of sending, also over calls that overlap', async () => {
    const topic = await bench().topic(2);
    const calls = numbered(40).map((value, index) =>
      bench().send(record(topic, index % 2, `${value}a`), record(topic, index % 2, `${value}b`)),
    );
    await Promise.all(calls);
    const expected = (rest: number) =>
      numbered(40)
        .filter((_, index) => index % 2 === rest)
        .flatMap((value) => [`${value}a`, `${value}b`]);
    expect(await bench().readAll(topic)).toEqual(
      new Map([
        [0, expected(0)],
        [1, expected(1)],
      ]),
    );
  });

  it('answers each call with the offset of its first record in each partition', async () => {
    const topic = await bench().topic(2);
    const first = bench().send(record(topic, 0, 'a'), record(topic, 1, 'b'), record(topic, 0, 'c'));
    const second = bench().send(record(topic, 0, 'd'), record(topic, 1, 'e'));
    const byPartition = (acks: Awaited<typeof first>) => [...acks].sort((a, b) => a.partition - b.partition);
    expect(byPartition(await first)).toEqual([
      { topic, partition: 0, baseOffset: 0 },
      { topic, partition: 1, baseOffset: 0 },
    ]);
    expect(byPartition(await second)).toEqual([
      { topic, partition: 0, baseOffset: 2 },
      { topic, partition: 1, baseOffset: 1 },
    ]);
  });

  it('sends many records of one call whole and in order', async () => {
    const topic = await bench().topic(1);
    const values = numbered(3000, 'x'.repeat(1000));
    await bench().sendTexts(topic, 0, values);
    expect((await bench().readAll(topic)).get(0)).toEqual(values);
  });

  it('keeps headers, keys, values, tombstones and bytes that are no text', async () => {
    const topic = await bench().topic(1);
    const raw = Uint8Array.from([0, 255, 254, 192, 128, 10]);
    const headers = [
      { name: 'ce_id', value: '1' },
      { name: 'content-type', value: 'text/ü' },
      { name: 'raw', value: raw },
      { name: 'twice', value: 'first' },
      { name: 'empty', value: '' },
      { name: 'null', value: null },
      { name: 'twice', value: 'second' },
      { name: raw, value: raw },
      { name: '__proto__', value: 'x' },
    ];
    await bench().send(
      { topic, partition: 0, key: 'k', value: raw, headers },
      { topic, partition: 0, key: raw, value: null, headers: [] },
      { topic, partition: 0, key: null, value: new Uint8Array(0), headers: [] },
    );
    const recorder = new Recorder();
    await bench()
      .log.reader()
      .read({ topic, from: 'beginning', until: new Map([[0, 3]]), batch: (batch) => void recorder.batch(batch) });
    const hex = ({ name, value }: OutHeader) => [
      Buffer.from(name as string),
      value === null ? null : Buffer.from(value as string),
    ];
    const read = recorder.records(0).map(({ key, value, headers: list }) => ({
      key: key && [...key],
      value: value && [...value],
      headers: list.map(hex),
    }));
    expect(read).toEqual([
      { key: [107], value: [...raw], headers: headers.map(hex) },
      { key: [...raw], value: null, headers: [] },
      { key: null, value: [], headers: [] },
    ]);
  });

  it('stamps records with the time of appending, which never runs backwards within a partition', async () => {
    const topic = await bench().topic(1, { 'message.timestamp.type': 'LogAppendTime' });
    for (const value of numbered(5)) await bench().sendTexts(topic, 0, [value]);
    const recorder = new Recorder();
    await bench()
      .log.reader()
      .read({ topic, from: 'beginning', until: new Map([[0, 5]]), batch: (batch) => void recorder.batch(batch) });
    const times = recorder.records(0).map(({ timestamp }) => timestamp);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.abs((times[0] ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('refuses a record that is too large, and goes on with the next', async () => {
    const topic = await bench().topic(1, { 'max.message.bytes': '2000' });
    const refused = bench().send(record(topic, 0, 'x'.repeat(5000)));
    await expect(refused).rejects.toThrow(InvalidInput);
    await expect(refused).rejects.toMatchObject({ code: 'STREAM.RECORD_TOO_LARGE' });
    await bench().sendTexts(topic, 0, ['small']);
    expect((await bench().readAll(topic)).get(0)).toEqual(['small']);
  });

  it('says that a topic does not exist, and that this may pass', async () => {
    const lost = bench().send(record('contract-no-such-topic', 0, 'a'));
    await expect(lost).rejects.toThrow(RetryableError);
    await expect(lost).rejects.toMatchObject({ code: 'STREAM.TOPIC_UNKNOWN' });
  });

  it('refuses a partition that does not exist', async () => {
    const topic = await bench().topic(2);
    await expect(bench().send(record(topic, 2, 'a'))).rejects.toMatchObject({ code: 'STREAM.PARTITION_UNKNOWN' });
  });

  it('sends nothing after it was closed', async () => {
    const topic = await bench().topic(1);
    const producer = bench().log.producer();
    await producer.connect();
    await producer.close();
    await expect(producer.send([record(topic, 0, 'a')])).rejects.toMatchObject({ code: 'STREAM.CLOSED' });
  });
}
