import { HealthRegistry } from '@perennial/observability';
import { watchLink } from '@perennial/stream';
import { watchHealth } from './watch-health';

it('an engine whose database is away is not ready, also when it has nothing to do', async () => {
  const health = new HealthRegistry();
  const watch = watchHealth(health);
  watch.started();
  watch.engine.claimed(0);
  expect(health.report('ready').status).toBe('ok');
  const asked = new Promise<void>((resolve) => {
    const stop = watchLink(
      'database',
      () => Promise.reject(new Error('no answer')),
      (status) => {
        watch.stream.link(status);
        stop();
        resolve();
      },
    );
  });
  await asked;
  expect(health.report('ready')).toEqual({
    status: 'unavailable',
    reasons: [{ check: 'dependencies', reason: 'database: no answer' }],
  });
});
