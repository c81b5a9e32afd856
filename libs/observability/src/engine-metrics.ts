import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { AgingGauge } from './metrics';

/**
 * Every metric of the engine: name, unit, labels, buckets. Base units; `_total` for counters. Labels are closed sets
 * (`meterEngine` fills them from closed types, stages come from the definition): never a customer, offset or message.
 */
export function declareEngineMetrics(registry: Registry) {
  const registers = [registry];
  return {
    events: new Counter<'topic' | 'result'>({
      name: 'lifecycle_events_consumed_total',
      help: 'Activities read, by what became of them. An activity can have more than one result (taken and late).',
      labelNames: ['topic', 'result'],
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'lifecycle_batch_duration_seconds',
      help: 'Time from taking a micro-batch to its durable commit.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    batchEvents: new Histogram({
      name: 'lifecycle_batch_events',
      help: 'Records in a micro-batch.',
      buckets: [1, 5, 10, 50, 100, 500, 1_000, 2_500, 5_000, 10_000, 25_000],
      registers,
    }),
    moves: new Counter<'region' | 'from' | 'to'>({
      name: 'lifecycle_transitions_total',
      help: 'Moves of customers, by region and states of the definition; from="-" for entries.',
      labelNames: ['region', 'from', 'to'],
      registers,
    }),
    facts: new Counter<'topic'>({
      name: 'lifecycle_facts_total',
      help: 'Facts decided, by topic.',
      labelNames: ['topic'],
      registers,
    }),
    deadLetters: new Counter<'reason'>({
      name: 'lifecycle_dead_letters_total',
      help: 'Records that could not be processed, by cause.',
      labelNames: ['reason'],
      registers,
    }),
    lagRecords: new Gauge<'topic' | 'partition'>({
      name: 'lifecycle_consumer_lag_records',
      help: 'Records of an owned partition that wait to be processed.',
      labelNames: ['topic', 'partition'],
      registers,
    }),
    lagSeconds: new AgingGauge<'topic' | 'partition'>({
      name: 'lifecycle_consumer_lag_seconds',
      help: 'How long records of an owned partition wait to be processed; 0 when none does.',
      labelNames: ['topic', 'partition'],
      registers,
    }),
    owned: new Gauge({ name: 'lifecycle_partitions_owned', help: 'Partitions this instance owns.', registers }),
    stopped: new Gauge<'partition'>({
      name: 'lifecycle_partition_stopped',
      help: '1 while a partition cannot go on without an operator.',
      labelNames: ['partition'],
      registers,
    }),
    rebalances: new Counter({ name: 'lifecycle_rebalances_total', help: 'Partitions claimed.', registers }),
    fenced: new Counter({
      name: 'lifecycle_fenced_batches_total',
      help: 'Micro-batches refused by the database since another instance owns the partition.',
      registers,
    }),
    offsetGaps: new Counter({
      name: 'lifecycle_offset_gaps_total',
      help: 'Gaps between offsets that the log explains (compaction, transactions).',
      registers,
    }),
    outboxPending: new Gauge<'partition'>({
      name: 'lifecycle_outbox_pending',
      help: 'Committed micro-batches whose facts are not published yet.',
      labelNames: ['partition'],
      registers,
    }),
    outboxSeconds: new AgingGauge<'partition'>({
      name: 'lifecycle_outbox_age_seconds',
      help: 'Age of the oldest micro-batch whose facts are not published yet.',
      labelNames: ['partition'],
      registers,
    }),
    lateness: new Histogram({
      name: 'lifecycle_deadline_lateness_seconds',
      help: 'How long after their time deadlines fired.',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3_600, 86_400],
      registers,
    }),
    clocks: new Counter({ name: 'lifecycle_clocks_appended_total', help: 'Clock records appended.', registers }),
    parked: new Counter({
      name: 'lifecycle_customers_parked_total',
      help: 'Customers taken out of service after too many moves, or instants of deadlines, on one input.',
      registers,
    }),
    forwarded: new Counter({
      name: 'lifecycle_activities_forwarded_total',
      help: 'Activities sent on to the partition of their customer.',
      registers,
    }),
    republished: new Counter({
      name: 'lifecycle_outbox_republished_total',
      help: 'Micro-batches published again since a former owner left them, perhaps published.',
      registers,
    }),
    checkpoints: new Histogram({
      name: 'lifecycle_checkpoint_duration_seconds',
      help: 'How long it took to bring the rows of a partition up to date with its log of states.',
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    checkpointRows: new Counter({
      name: 'lifecycle_checkpoint_customers_total',
      help: 'Rows of customers that checkpoints brought up to date.',
      registers,
    }),
    checkpointFailures: new Counter({
      name: 'lifecycle_checkpoint_failures_total',
      help: 'Checkpoints that failed. Each is repeated; until one succeeds, rows of customers stay behind.',
      registers,
    }),
    deadlinesArmed: new Gauge<'partition'>({
      name: 'lifecycle_deadlines_armed',
      help: 'Customers with a deadline that has not fired.',
      labelNames: ['partition'],
      registers,
    }),
    nextDeadline: new Gauge<'partition'>({
      name: 'lifecycle_next_deadline_timestamp_seconds',
      help: 'Wall time of the earliest deadline of live tenants; one in the past is overdue. Absent when there is none.',
      labelNames: ['partition'],
      registers,
    }),
    retries: new Counter<'what'>({
      name: 'lifecycle_retries_total',
      help: 'Attempts that failed and were tried again, by what was tried.',
      labelNames: ['what'],
      registers,
    }),
    away: new Gauge<'what' | 'partition'>({
      name: 'lifecycle_unavailable',
      help: '1 while something the engine needs is away, by what was tried.',
      labelNames: ['what', 'partition'],
      registers,
    }),
  };
}
/** The metrics of one engine. */
export type EngineMetrics = ReturnType<typeof declareEngineMetrics>;
