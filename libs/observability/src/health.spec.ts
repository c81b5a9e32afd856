import { HealthRegistry } from './health';

it('a removed check counts no more', () => {
  const health = new HealthRegistry();
  const remove = health.add('live', 'loop', () => ({ ok: false, reason: 'stuck' }));
  expect(health.report('live').status).toBe('unavailable');
  remove();
  expect(health.report('live').status).toBe('ok');
});
