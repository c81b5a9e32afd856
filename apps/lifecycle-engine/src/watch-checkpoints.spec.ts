import { createMetrics, declareEngineMetrics } from '@perennial/observability';
import pino from 'pino';
import { watchCheckpoints } from './watch-checkpoints';

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
