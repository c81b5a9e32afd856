import { HealthRegistry } from '@perennial/observability';
import { Dependencies } from './dependencies';

it('a collector is ready once it has reached the log, and while no link to it is waited for', () => {
  const health = new HealthRegistry();
  const dependencies = new Dependencies('the broker');
  health.add('ready', 'log', dependencies.all);
  const reasons = (): readonly string[] => health.report('ready').reasons.map(({ reason }) => reason);
  dependencies.link({ link: 'producer', state: 'waiting', reason: 'refused' });
  expect(reasons()).toEqual(['starting: waits for the broker']);
  dependencies.started();
  expect(reasons()).toEqual(['refused']);
  dependencies.link({ link: 'probe', state: 'connected', reason: null });
  expect(reasons()).toEqual(['refused']);
  dependencies.link({ link: 'producer', state: 'connected', reason: null });
  expect(reasons()).toEqual([]);
});

it('a service with several dependencies says which one is away, the first of them first', () => {
  const dependencies = new Dependencies('broker and database');
  expect(dependencies.start()).toEqual({ ok: false, reason: 'starting: waits for broker and database' });
  expect(dependencies.away()).toEqual({ ok: true });
  dependencies.link({ link: 'database', state: 'waiting', reason: null });
  dependencies.lost('commit of partition 1', 'no answer');
  expect(dependencies.away()).toEqual({ ok: false, reason: 'database: not connected' });
  dependencies.link({ link: 'database', state: 'connected', reason: null });
  expect(dependencies.away()).toEqual({ ok: false, reason: 'commit of partition 1: no answer' });
  expect(dependencies.unavailable).toEqual(['commit of partition 1']);
  dependencies.started();
  expect(dependencies.start()).toEqual({ ok: true });
});
