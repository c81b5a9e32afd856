import { RetryableError } from '@perennial/values';
import { numbered, until } from '@perennial/testing';
import { KafkaBench } from '../../fixtures/kafka-bench';
import type { LinkStatus } from '@perennial/stream';
import { produceRequests } from '../wire/produce';

jest.setTimeout(30_000);

const silent = () => undefined;

type Send = typeof produceRequests.send;
type Behaviour = (send: () => ReturnType<Send>) => ReturnType<Send>;

const real: Send = produceRequests.send.bind(produceRequests);

/** Lets the next requests behave otherwise; the rest go through. */
function misbehave(...behaviours: Behaviour[]): void {
  jest.spyOn(produceRequests, 'send').mockImplementation((broker, request) => {
    const send = () => real(broker, request);
    return (behaviours.shift() ?? ((through) => through()))(send);
  });
}

const acknowledgementLost: Behaviour = async (produce) => {
  await produce();
  throw Object.assign(new Error('connection closed'), { name: 'KafkaJSConnectionClosedError', retriable: true });
};

describe('A producer for Kafka', () => {
  let kafka: KafkaBench;
  const statuses: LinkStatus[] = [];

  beforeEach(async () => {
    statuses.length = 0;
    const observer = { link: (status: LinkStatus) => void statuses.push(status), gap: silent, assigned: silent };
    kafka = await KafkaBench.open(process.env.KAFKA_BROKERS, { observer, requestTimeoutMs: 2_000 });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await kafka.close();
  });

  it('writes a record once though its acknowledgement was lost on the way', async () => {
    const { bench } = kafka;
    const topic = await bench.topic(1);
    await bench.sendTexts(topic, 0, ['a']);
    misbehave(acknowledgementLost);
    await bench.sendTexts(topic, 0, ['b']);
    await bench.sendTexts(topic, 0, ['c']);
    expect((await bench.readAll(topic)).get(0)).toEqual(['a', 'b', 'c']);
  });

  it('loses nothing that is sent after a call that failed though it was written (invariant 2)', async () => {
    const { bench } = kafka;
    const topic = await bench.topic(1);
    misbehave(...numbered(20).map(() => acknowledgementLost));
    await expect(bench.sendTexts(topic, 0, ['a'])).rejects.toThrow(RetryableError);
    jest.restoreAllMocks();
    await bench.sendTexts(topic, 0, ['b']);
    expect((await bench.readAll(topic)).get(0)).toEqual(['a', 'b']);
  });

  it('acknowledges nothing that the answer leaves out (invariant 3)', async () => {
    const { bench } = kafka;
    const topic = await bench.topic(1);
    misbehave(async (produce) => {
      await produce();
      return [];
    });
    await expect(bench.sendTexts(topic, 0, ['a'])).rejects.toThrow(`does not name ${topic}/0`);
  });

  it('fails at its deadline, and sends nothing afterwards (invariant 4)', async () => {
    const { bench } = kafka;
    const topic = await bench.topic(1);
    let tried: ReturnType<Send> = Promise.resolve([]);
    const released = new Promise((resolve) => setTimeout(resolve, 2_500));
    misbehave((produce) => {
      tried = released.then(produce);
      return tried;
    });
    const started = performance.now();
    await expect(bench.sendTexts(topic, 0, ['late'])).rejects.toMatchObject({ code: 'STREAM.SEND_TIMED_OUT' });
    expect(performance.now() - started).toBeLessThan(2_400);
    await expect(tried).rejects.toThrow();
    await bench.sendTexts(topic, 0, ['next']);
    expect((await bench.readAll(topic)).get(0)).toEqual(['next']);
  });

  it('connects again by itself after a failure, so that health sees Kafka come back', async () => {
    const { bench } = kafka;
    const topic = await bench.topic(1);
    misbehave(...numbered(20).map(() => acknowledgementLost));
    await expect(bench.sendTexts(topic, 0, ['a'])).rejects.toThrow(RetryableError);
    await until(() => statuses.at(-1)?.state === 'connected');
    expect(statuses.map(({ state }) => state)).toEqual(['connected', 'waiting', 'connected']);
  });
});
