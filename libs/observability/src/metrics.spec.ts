import { Registry } from 'prom-client';
import { AgingGauge } from './metrics';

function gauged() {
  const registry = new Registry();
  const clock = { seconds: 100 };
  const gauge = new AgingGauge({
    name: 'age_seconds',
    help: 'age',
    labelNames: ['partition'],
    registers: [registry],
    now: () => clock.seconds,
  });
  return { gauge, clock, shown: () => registry.getSingleMetricAsString('age_seconds') };
}

describe('a gauge of age', () => {
  it('goes on between two reports', async () => {
    const { gauge, clock, shown } = gauged();
    gauge.waiting({ partition: 1 }, 2);
    clock.seconds += 40;
    expect(await shown()).toContain('age_seconds{partition="1"} 42');
  });

  it('stands at 0 while nothing waits', async () => {
    const { gauge, clock, shown } = gauged();
    gauge.waiting({ partition: 1 }, 2);
    gauge.idle({ partition: 1 });
    clock.seconds += 40;
    expect(await shown()).toContain('age_seconds{partition="1"} 0');
  });

  it('is gone with its partition', async () => {
    const { gauge, shown } = gauged();
    gauge.waiting({ partition: 1 }, 2);
    gauge.remove({ partition: 1 });
    expect(await shown()).not.toContain('partition');
  });
});
