import type { LogBatch, OutRecord } from '@perennial/contracts';
import type { Acknowledged, Log, LogConsumer, LogProducer, LogReader } from '@perennial/stream';
import { Recorder } from './recorder';

let topics = 0;
const RUN = `${process.pid}-${Date.now().toString(36)}`;

/** One log with what a test makes of it; everything is stopped by `close`. */
export class LogBench {
  private constructor(
    readonly log: Log,
    readonly producer: LogProducer,
  ) {}

  static async open(log: Log): Promise<LogBench> {
    const producer = log.producer();
    await producer.connect();
    return new LogBench(log, producer);
  }

  /** A new topic, with a name that no other test uses. */
  async topic(partitions: number, config: Record<string, string> = {}): Promise<string> {
    topics += 1;
    const name = `contract-${RUN}-${topics}`;
    await this.createTopic(name, partitions, config);
    return name;
  }

  async createTopic(name: string, partitions: number, config: Record<string, string> = {}): Promise<readonly string[]> {
    const admin = this.log.admin();
    await admin.connect();
    try {
      return await admin.createTopics([{ name, partitions, replication: 1, config }]);
    } finally {
      await admin.close();
    }
  }

  send(...records: OutRecord[]): Promise<readonly Acknowledged[]> {
    return this.producer.send(records);
  }

  async sendTexts(topic: string, partition: number, texts: readonly string[]): Promise<void> {
    await this.producer.send(texts.map((text) => record(topic, partition, text)));
  }

  async consume(topic: string, recorder = new Recorder(), group = `${topic}-group`): Promise<[Recorder, LogConsumer]> {
    const consumer = this.log.consumer({ topic, group });
    await consumer.start(recorder);
    return [recorder, consumer];
  }

  /** Values per partition, from the beginning to the end of the topic. */
  async readAll(topic: string, reader: LogReader = this.log.reader()): Promise<ReadonlyMap<number, readonly string[]>> {
    const admin = this.log.admin();
    const offsets = await admin.offsets(topic);
    await admin.close();
    const recorder = new Recorder();
    await reader.read({
      topic,
      from: 'beginning',
      until: new Map(offsets.map(({ partition, high }) => [partition, high])),
      batch: (batch) => void recorder.batch(batch),
    });
    return new Map(offsets.map(({ partition }) => [partition, recorder.values(partition)]));
  }

  /** How far partition 0 can be read. */
  async stableOffset(topic: string): Promise<number | undefined> {
    const admin = this.log.admin();
    try {
      return (await admin.stableOffsets(topic)).get(0);
    } finally {
      await admin.close();
    }
  }

  close(): Promise<void> {
    return this.log.close();
  }
}

export function record(topic: string, partition: number, value: string): OutRecord {
  return { topic, partition, key: null, value: new TextEncoder().encode(value), headers: [] };
}

export function numbered(count: number, prefix = 'v'): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

/** Batches of one partition cover these offsets, each joining on to the one before. */
export function expectJoined(batches: readonly LogBatch[], from: number, to: number): void {
  expect(batches.map(({ fromOffset }) => fromOffset)).toEqual([from, ...batches.slice(0, -1).map((b) => b.nextOffset)]);
  expect(batches.at(-1)?.nextOffset).toBe(to);
}

/** Waits until the condition holds; says which one when it does not within 20 s. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`in vain: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
