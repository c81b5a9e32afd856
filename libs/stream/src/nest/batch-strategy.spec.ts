import 'reflect-metadata';
import { Controller, type Type } from '@nestjs/common';
import { EventPattern, type MicroserviceOptions, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import type { LogBatch } from '@perennial/contracts';
import { record, Recorder, until, valueText } from '@perennial/testing';
import { createInProcessLog } from '../in-process/in-process-log';
import type { Log } from '../port';
import { BatchStrategy } from './batch-strategy';

const TOPIC = 'orders';

@Controller()
class Orders {
  readonly seen: string[] = [];

  @EventPattern(TOPIC)
  take(@Payload() batch: LogBatch): Promise<void> {
    const values = [...batch.records].map(valueText);
    this.seen.push(...values);
    return values.includes('poison') ? Promise.reject(new Error('cannot take this')) : Promise.resolve();
  }
}

@Controller()
class MoreOrders {
  @EventPattern(TOPIC)
  take(@Payload() batch: LogBatch): Promise<void> {
    return Promise.reject(new Error(`never called, but was for ${batch.topic}`));
  }
}

describe('The batch strategy', () => {
  let log: Log;
  const recorder = new Recorder();

  beforeEach(async () => {
    log = createInProcessLog({ directory: null, now: Date.now });
    await log.admin().createTopics([{ name: TOPIC, partitions: 2, replication: 1, config: {} }]);
  });
  afterEach(() => log.close());

  async function start(...controllers: Type[]) {
    const module = await Test.createTestingModule({ controllers }).compile();
    const strategy = new BatchStrategy(log.consumer({ topic: TOPIC, group: 'g' }), {
      topic: TOPIC,
      claim: (partition) => recorder.claim(partition),
      revoke: (partitions) => {
        recorder.revoke(partitions);
      },
      stopped: (partition, reason) => {
        recorder.stopped(partition, reason);
      },
    });
    const app = module.createNestMicroservice<MicroserviceOptions>({ strategy, logger: false });
    await app.listen();
    return app;
  }

  it('hands whole batches to the handler of its topic, after the claim', async () => {
    await log.producer().send(['a', 'b', 'c'].map((value) => record(TOPIC, 0, value)));
    recorder.starts.set(0, 1);
    const app = await start(Orders);
    const { seen } = app.get(Orders);
    await until(() => seen.length === 2);
    expect(seen).toEqual(['b', 'c']);
    await app.close();
  });

  it('stops the partition whose handler fails, and leaves the others running', async () => {
    const app = await start(Orders);
    const { seen } = app.get(Orders);
    await log.producer().send([record(TOPIC, 0, 'a'), record(TOPIC, 0, 'poison'), record(TOPIC, 1, 'b')]);
    await until(() => recorder.stops.has(0) && seen.includes('b'));
    await log.producer().send([record(TOPIC, 0, 'lost'), record(TOPIC, 1, 'c')]);
    await until(() => seen.includes('c'));
    expect(seen).not.toContain('lost');
    await app.close();
  });

  it('revokes its partitions when the application closes', async () => {
    recorder.revoked.length = 0;
    const app = await start(Orders);
    await until(() => recorder.assigned.length === 2);
    await app.close();
    expect(recorder.revoked).toEqual([0, 1]);
  });

  it('does not start without a handler, nor with two', async () => {
    await expect(start()).rejects.toMatchObject({ code: 'STREAM.NO_HANDLER' });
    await expect(start(Orders, MoreOrders)).rejects.toMatchObject({ code: 'STREAM.TWO_HANDLERS' });
  });
});
