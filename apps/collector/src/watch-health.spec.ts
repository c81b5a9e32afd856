import { HealthRegistry } from '@perennial/observability';
import { watchHealth } from './watch-health';

const isReady = (health: HealthRegistry): boolean => health.report('ready').status === 'ok';

it('a collector is ready once it has reached the log, and while no link to it is waited for', () => {
  const health = new HealthRegistry();
  const watch = watchHealth(health);
  expect(isReady(health)).toBe(false);
  watch.started();
  expect(isReady(health)).toBe(true);
  watch.link({ link: 'producer', state: 'waiting', reason: 'refused' });
  watch.link({ link: 'probe', state: 'connected', reason: null });
  expect(isReady(health)).toBe(false);
  watch.link({ link: 'producer', state: 'connected', reason: null });
  expect(isReady(health)).toBe(true);
});
