import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeLog, LogBench, numbered, record, Recorder, until } from '@perennial/testing';
import { prefixed } from '../prefixed';
import { createInProcessLog } from './in-process-log';

const now = () => Date.now();
const newFolder = () => mkdtempSync(join(tmpdir(), 'perennial-log-'));

describeLog('The in-process log in memory', () => createInProcessLog({ directory: null, now }));
describeLog('The in-process log in a folder', () => createInProcessLog({ directory: newFolder(), now }));
describeLog('A log behind a prefix', () => prefixed(createInProcessLog({ directory: null, now }), 'eu.'));

describe('The in-process log', () => {
  const topic = { name: 't', partitions: 2, replication: 1, config: { 'cleanup.policy': 'compact' } };

  it('has its topics, records, settings and name again after it was opened anew', async () => {
    const directory = newFolder();
    const first = createInProcessLog({ directory, now });
    const id = await first.admin().clusterId();
    await first.admin().createTopics([topic]);
    await first.producer().send(numbered(3).map((value) => record('t', 1, value)));
    await first.close();

    const bench = await LogBench.open(createInProcessLog({ directory, now }));
    expect(await bench.log.admin().clusterId()).toBe(id);
    expect(await bench.createTopic('t', 2)).toEqual([]);
    await expect(bench.createTopic('t', 2, { 'cleanup.policy': 'delete' })).rejects.toThrow('cleanup.policy=compact');
    await bench.sendTexts('t', 1, ['v3']);
    expect((await bench.readAll('t')).get(1)).toEqual(numbered(4));
    await bench.close();
  });

  it('is another log when its folder is', async () => {
    const one = createInProcessLog({ directory: newFolder(), now });
    const two = createInProcessLog({ directory: newFolder(), now });
    expect(await one.admin().clusterId()).not.toBe(await two.admin().clusterId());
  });

  it('does not know a topic whose creation was interrupted', async () => {
    const directory = newFolder();
    mkdirSync(join(directory, 't~'));
    writeFileSync(join(directory, 't~', '0.log'), '');
    const log = createInProcessLog({ directory, now });
    expect(readdirSync(directory)).not.toContain('t~');
    expect(await log.admin().createTopics([topic])).toEqual(['t']);
  });

  it('refuses topic names that are no folder names', async () => {
    const log = createInProcessLog({ directory: newFolder(), now });
    for (const name of ['..', 'a/b', '', 'x~']) {
      await expect(log.admin().createTopics([{ ...topic, name }])).rejects.toMatchObject({ code: 'STREAM.TOPIC_NAME' });
    }
  });

  it('stamps with the clock it is given, and never backwards when that is set back', async () => {
    let time = 5000;
    const bench = await LogBench.open(createInProcessLog({ directory: null, now: () => time }));
    await bench.createTopic('t', 1);
    for (time of [5000, 4000, 6000]) await bench.sendTexts('t', 0, ['x']);
    const [recorder] = await bench.consume('t');
    await until(() => recorder.records(0).length === 3);
    expect(recorder.records(0).map(({ timestamp }) => timestamp)).toEqual([5000, 5000, 6000]);
    await bench.close();
  });

  it('does the same in the same order every time, in the order of its scheduler', async () => {
    const run = async () => {
      const tasks: (() => void)[] = [];
      const schedule = (task: () => void) => void tasks.push(task);
      const log = createInProcessLog({ directory: null, now: () => 1, schedule, batch: { records: 2, bytes: 1000 } });
      await log.admin().createTopics([topic]);
      const seen: string[] = [];
      for (const name of ['one', 'two']) {
        const recorder = new Recorder();
        recorder.onBatch = (batch) => {
          seen.push(`${name} ${batch.partition}: ${recorder.values(batch.partition).length}`);
          return Promise.resolve();
        };
        await log.consumer({ topic: 't', group: name }).start(recorder);
      }
      await log.producer().send(numbered(8).map((value, index) => record('t', index % 2, value)));
      do {
        // The newest task first: an order that microtasks would never have.
        tasks.pop()?.();
        await new Promise((resolve) => setImmediate(resolve));
      } while (tasks.length > 0);
      await log.close();
      return seen;
    };
    const first = await run();
    expect(first).toHaveLength(8);
    expect(await run()).toEqual(first);
  });
});
