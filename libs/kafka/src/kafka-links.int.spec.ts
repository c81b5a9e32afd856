import { connect, createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import Broker from 'kafkajs/src/broker';
import { LogBench, numbered, record, until } from '@perennial/testing';
import { KafkaBench, kafkaOptions } from '../fixtures/kafka-bench';
import { gate, Recorder } from '@perennial/testing';
import type { LinkStatus } from '@perennial/stream';
import { createKafkaLog } from './kafka-log';

jest.setTimeout(30_000);

const brokers = process.env.KAFKA_BROKERS;
const silent = () => undefined;

describe('A member of a Kafka group', () => {
  let kafka: KafkaBench;
  beforeEach(async () => {
    kafka = await KafkaBench.open(brokers, { sessionTimeoutMs: 1_000, heartbeatMs: 100 });
  });
  afterEach(() => kafka.close());

  it('keeps its partitions while a handler is slower than the session, and while all are paused', async () => {
    const { bench, admin } = kafka;
    const topic = await bench.topic(2);
    const recorder = new Recorder();
    const held = gate();
    recorder.onBatch = () => held.passed;
    const [, consumer] = await bench.consume(topic, recorder);
    await bench.send(record(topic, 0, 'a'));
    await until(() => recorder.records(0).length === 1);
    consumer.pause(1);
    const slow = performance.now() + 2_500;
    await until(() => performance.now() > slow);
    const { groups } = await admin.describeGroups([`${topic}-group`]);
    expect(groups[0]).toMatchObject({ state: 'Stable', members: [expect.anything()] });
    held.open();
    consumer.resume(1);
    await bench.send(record(topic, 0, 'b'), record(topic, 1, 'c'));
    await until(() => recorder.records(0).length === 2 && recorder.records(1).length === 1);
    expect([...recorder.claims].sort()).toEqual([0, 1]);
    expect(recorder.revoked).toEqual([]);
  });

  it('keeps its partitions while a claim is slower than the session', async () => {
    const { bench } = kafka;
    const topic = await bench.topic(1);
    await bench.send(record(topic, 0, 'a'));
    const recorder = new Recorder();
    const slow = performance.now() + 2_500;
    recorder.onClaim = () => until(() => performance.now() > slow);
    await bench.consume(topic, recorder);
    await until(() => recorder.records(0).length === 1);
    expect(recorder.claims).toHaveLength(1);
  });

  it('tells the group its offsets for lag tools, and never starts there', async () => {
    const { bench, admin } = kafka;
    const topic = await bench.topic(1);
    await bench.send(...numbered(5).map((value) => record(topic, 0, value)));
    const [recorder, consumer] = await bench.consume(topic);
    await until(() => recorder.records(0).length === 5);
    await consumer.mirror?.(new Map([[0, 4]]));
    const offsets = await admin.fetchOffsets({ groupId: `${topic}-group`, topics: [topic] });
    expect(offsets[0]?.partitions).toMatchObject([{ partition: 0, offset: '4' }]);
    await consumer.stop();
    const [again] = await bench.consume(topic);
    await until(() => again.records(0).length === 5);
  });

  it('is nothing a reader needs: it leaves nothing behind', async () => {
    const { bench } = kafka;
    const topic = await bench.topic(1);
    await bench.send(record(topic, 0, 'a'));
    const joins = jest.spyOn(Broker.prototype, 'joinGroup');
    expect((await bench.readAll(topic)).get(0)).toEqual(['a']);
    expect(joins).not.toHaveBeenCalled();
    const [recorder] = await bench.consume(topic);
    await until(() => recorder.records(0).length === 1);
    expect(joins).toHaveBeenCalled();
    joins.mockRestore();
  });
});

describe('A connection to Kafka', () => {
  it('does not wake up every millisecond while it is idle', async () => {
    const kafka = await KafkaBench.open(brokers);
    const topic = await kafka.bench.topic(1);
    await kafka.bench.send(record(topic, 0, 'a'));
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const idle = performance.now() + 300;
    // Not with `until`, which sets timers itself.
    while (performance.now() < idle) await new Promise((resolve) => setImmediate(resolve));
    expect(timers.mock.calls.length).toBeLessThan(10);
    timers.mockRestore();
    await kafka.close();
  });

  it('is tried for ever while no broker is there, says so, leaves nothing behind, and goes on when one is', async () => {
    const port = await freePort();
    const statuses: LinkStatus[] = [];
    const observer = { link: (status: LinkStatus) => void statuses.push(status), gap: silent, assigned: silent };
    const log = createKafkaLog(kafkaOptions(`127.0.0.1:${port}`, { observer, requestTimeoutMs: 4_000 }));
    const opening = LogBench.open(log);
    const recorder = new Recorder();
    const topic = `links-${process.pid}-${Date.now()}`;
    await log.consumer({ topic, group: topic }).start(recorder);
    await expect(log.producer().send([record(topic, 0, 'a')])).rejects.toMatchObject({ code: 'STREAM.LOG_AWAY' });
    await expect(log.admin().connect()).rejects.toMatchObject({ code: 'STREAM.LOG_AWAY' });
    const waiting = () => new Set(statuses.filter(({ state }) => state === 'waiting').map(({ link }) => link));
    await until(() => waiting().size === 3);
    expect([...waiting()].sort()).toEqual([`fetch:${topic}`, `group:${topic}`, 'producer']);
    expect(process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length).toBeLessThan(10);

    const forwarder = await forward(port, kafkaOptions(brokers).brokers[0] ?? '');
    const bench = await opening;
    await bench.createTopic(topic, 1);
    await bench.send(record(topic, 0, 'a'));
    await until(() => recorder.records(0).length === 1);
    await bench.close();
    expect(statuses.at(-1)).toMatchObject({ state: 'closed' });
    forwarder.close();
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A way to the broker through another port; after that the client knows the broker's own address. */
async function forward(port: number, broker: string): Promise<Server> {
  const [host = '', target = ''] = broker.split(':');
  const server = createServer((socket) => {
    const upstream = connect({ host, port: Number(target) });
    socket.pipe(upstream).pipe(socket);
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
