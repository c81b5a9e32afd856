import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { createMetrics, type Health, HealthRegistry, HEALTHY } from '@perennial/observability';
import { ObservabilityModule } from './observability.module';

describe('ObservabilityModule', () => {
  const health = new HealthRegistry();
  let state: Health = HEALTHY;
  let app: INestApplication;
  let url: string;
  beforeAll(async () => {
    health.add('ready', 'kafka', () => state);
    const parts = ObservabilityModule.with({ metrics: createMetrics('engine'), health });
    app = (await Test.createTestingModule({ imports: [parts] }).compile()).createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => app.close());

  it('gives metrics in the format of Prometheus, event-loop delay included', async () => {
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await answer.text()).toMatch(/nodejs_eventloop_lag_p99_seconds\{service="engine"\} /);
  });

  it('is ready while all checks are well', async () => {
    const answer = await fetch(`${url}/health/ready`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok', reasons: [] }]);
  });

  it('answers 503 with the reasons when a check is not, and stays live', async () => {
    state = { ok: false, reason: 'no broker answers' };
    const answer = await fetch(`${url}/health/ready`);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: 'unavailable', reasons: [{ check: 'kafka', reason: 'no broker answers' }] },
    ]);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });
});
