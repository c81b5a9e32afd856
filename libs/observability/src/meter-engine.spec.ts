import { Registry } from 'prom-client';
import { declareEngineMetrics } from './engine-metrics';
import { meterEngine } from './meter-engine';

function metered() {
  const registry = new Registry();
  return { registry, observer: meterEngine(declareEngineMetrics(registry)) };
}

describe('meterEngine', () => {
  it('counts what the engine says under the documented names', async () => {
    const { registry, observer } = metered();
    observer.claimed(2);
    observer.batch(2, { records: 500, seconds: 0.02 });
    observer.outcomes('taken', 490);
    observer.outcomes('duplicate', 10);
    observer.moves('stage', null, 'onboarding', 3);
    observer.moves('stage', 'onboarding', 'activation', 2);
    observer.deadLetters('invalid-json', 1);
    observer.lag(2, { records: 7, seconds: 1.5 });
    observer.outbox(2, { pending: 1, seconds: 0.25 });
    observer.deadlineLateness(0.3, 4);
    observer.fenced(2);
    observer.forwarded(2, 5);
    observer.republished(2, 1);
    observer.nextDeadline(2, 1_500);
    const text = await registry.metrics();
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'lifecycle_events_consumed_total{topic="perennial.activity.v1",result="taken"} 490',
        'lifecycle_events_consumed_total{topic="perennial.activity.v1",result="duplicate"} 10',
        'lifecycle_batch_events_bucket{le="500"} 1',
        'lifecycle_batch_duration_seconds_count 1',
        'lifecycle_transitions_total{region="stage",from="-",to="onboarding"} 3',
        'lifecycle_transitions_total{region="stage",from="onboarding",to="activation"} 2',
        'lifecycle_dead_letters_total{reason="invalid-json"} 1',
        'lifecycle_consumer_lag_records{topic="perennial.activity.v1",partition="2"} 7',
        'lifecycle_outbox_pending{partition="2"} 1',
        'lifecycle_deadline_lateness_seconds_bucket{le="0.25"} 0',
        'lifecycle_deadline_lateness_seconds_bucket{le="0.5"} 4',
        'lifecycle_fenced_batches_total 1',
        'lifecycle_rebalances_total 1',
        'lifecycle_partitions_owned 1',
        'lifecycle_activities_forwarded_total 5',
        'lifecycle_outbox_republished_total 1',
        'lifecycle_next_deadline_timestamp_seconds{partition="2"} 1.5',
      ]),
    );
    observer.nextDeadline(2, null);
    expect(await registry.metrics()).not.toContain('lifecycle_next_deadline_timestamp_seconds{');
  });

  it('shows closed series at zero before anything happens', async () => {
    const text = await metered().registry.metrics();
    expect(text).toContain('lifecycle_dead_letters_total{reason="null-key"} 0');
    expect(text).toContain('lifecycle_events_consumed_total{topic="perennial.activity.v1",result="late"} 0');
    expect(text).toContain('lifecycle_retries_total{what="commit"} 0');
    expect(text).toContain('lifecycle_checkpoint_failures_total 0');
  });

  it('forgets the gauges of a partition that another instance owns now', async () => {
    const { registry, observer } = metered();
    observer.claimed(1);
    observer.claimed(2);
    observer.lag(1, { records: 9, seconds: 9 });
    observer.retrying('commit', 1, new Error('away'));
    observer.stopped(1, 'offset out of range');
    expect(await registry.metrics()).toContain('lifecycle_partition_stopped{partition="1"} 1');
    observer.released(1);
    const text = await registry.metrics();
    expect(text).not.toContain('partition="1"');
    expect(text).toContain('lifecycle_partitions_owned 1');
  });

  it('says what is away, until it is back', async () => {
    const { registry, observer } = metered();
    observer.retrying('publish', 0, new Error('broker away'));
    observer.retrying('publish', 0, new Error('broker away'));
    expect(await registry.metrics()).toContain('lifecycle_unavailable{what="publish",partition="0"} 1');
    expect(await registry.metrics()).toContain('lifecycle_retries_total{what="publish"} 2');
    observer.recovered('publish', 0);
    expect(await registry.metrics()).toContain('lifecycle_unavailable{what="publish",partition="0"} 0');
  });

  it('lets what waits grow older between two reports, and stands at 0 when nothing does', async () => {
    const { registry, observer } = metered();
    const age = async (name: string): Promise<number> =>
      Number(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'm').exec(await registry.metrics())?.[1]);
    observer.lag(2, { records: 7, seconds: 1.5 });
    observer.outbox(2, { pending: 1, seconds: 0.25 });
    expect(await age('lifecycle_consumer_lag_seconds')).toBeGreaterThanOrEqual(1.5);
    expect(await age('lifecycle_outbox_age_seconds')).toBeGreaterThanOrEqual(0.25);
    observer.lag(2, { records: 0, seconds: 1.5 });
    observer.outbox(2, { pending: 0, seconds: 0 });
    expect(await age('lifecycle_consumer_lag_seconds')).toBe(0);
    expect(await age('lifecycle_outbox_age_seconds')).toBe(0);
    observer.retrying('load', 2, new Error('away'));
    expect(await age('lifecycle_consumer_lag_seconds')).toBeGreaterThan(0);
    observer.recovered('load', 2);
    expect(await age('lifecycle_consumer_lag_seconds')).toBe(0);
  });
});
