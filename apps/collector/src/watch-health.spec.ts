import { HealthRegistry } from '@perennial/observability';
import { watchHealth } from './watch-health';
import { watchLog } from './watch-log';

const isReady = (health: HealthRegistry): boolean => health.report('ready').status === 'ok';

describe('a collector is ready', () => {
  it('once it has reached the log, and while no link to it is waited for', () => {
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

  it('as long as the log answers when it is asked, though nobody sends', async () => {
    jest.useFakeTimers();
    const states: string[] = [];
    let answers = true;
    const connect = (): Promise<void> => (answers ? Promise.resolve() : Promise.reject(new Error('no answer')));
    const admin = { connect, close: () => Promise.resolve() } as unknown as ReturnType<Parameters<typeof watchLog>[0]>;
    const end = watchLog(
      () => admin,
      ({ state }) => states.push(state),
    );
    await jest.advanceTimersByTimeAsync(5_000);
    answers = false;
    await jest.advanceTimersByTimeAsync(5_000);
    end();
    await jest.advanceTimersByTimeAsync(20_000);
    jest.useRealTimers();
    expect(states).toEqual(['connected', 'waiting']);
  });
});
