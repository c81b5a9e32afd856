import { Dependencies } from '@perennial/host';
import { createMetrics, declareEngineMetrics } from '@perennial/observability';
import { watchLink } from '@perennial/stream';
import pino from 'pino';
import { watchCheckpoints, watchPartitions } from './observe';

it('checkpoints are metered; one that fails is counted, and the log says why', async () => {
  const registry = createMetrics('test');
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
  const watch = watchCheckpoints(declareEngineMetrics(registry), logger);
  watch.checkpointed({ partition: 2, customers: 7, bytes: 100, seconds: 0.2 });
  watch.checkpointFailed(2, new Error('deadlock detected'));
  const text = await registry.metrics();
  expect(text).toMatch(/lifecycle_checkpoint_customers_total\S* 7/);
  expect(text).toMatch(/lifecycle_checkpoint_failures_total\S* 1/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ partition: 2, reason: 'deadlock detected' });
});

describe('health of an engine', () => {
  function watched() {
    const dependencies = new Dependencies('broker and database');
    dependencies.started();
    const { observer, assigned, running } = watchPartitions(dependencies);
    return { dependencies, observer, report: () => [assigned(), dependencies.away(), running()] };
  }
  const ok = { ok: true };

  it('an engine whose database is away is not ready, also when it has nothing to do', async () => {
    const { dependencies, observer, report } = watched();
    observer.claimed(0);
    expect(report()).toEqual([ok, ok, ok]);
    const asked = new Promise<void>((resolve) => {
      const stop = watchLink(
        'database',
        () => Promise.reject(new Error('no answer')),
        (status) => {
          dependencies.link(status);
          stop();
          resolve();
        },
      );
    });
    await asked;
    expect(report()).toEqual([ok, { ok: false, reason: 'database: no answer' }, ok]);
  });

  it('says what a partition waits for, until it has it or is released', () => {
    const { observer, report } = watched();
    observer.claimed(1);
    observer.retrying('commit', 1, new Error('no answer'));
    expect(report()).toEqual([ok, { ok: false, reason: 'commit of partition 1: no answer' }, ok]);
    observer.recovered('commit', 1);
    expect(report()).toEqual([ok, ok, ok]);
    observer.retrying('load', 1, new Error('no answer'));
    observer.released(1);
    expect(report()).toEqual([ok, ok, ok]);
  });

  it('says why a partition stands still, until it is released or claimed again', () => {
    const { observer, report } = watched();
    expect(report()).toEqual([{ ok: false, reason: 'no partition is assigned yet' }, ok, ok]);
    observer.claimed(1);
    for (const mend of ['released', 'claimed'] as const) {
      observer.stopped(1, 'the log is shorter than its progress');
      const reason = 'partition 1 stands still: the log is shorter than its progress';
      expect(report()).toEqual([ok, ok, { ok: false, reason }]);
      observer[mend](1);
      expect(report()).toEqual([ok, ok, ok]);
    }
  });
});
