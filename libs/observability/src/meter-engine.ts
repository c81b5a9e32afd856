import { DEAD_LETTER_CAUSES, TOPIC } from '@perennial/contracts';
import { OUTCOMES, type EngineObserver } from '@perennial/engine';
import type { RetriedOperation } from '@perennial/processor';
import type { EngineMetrics } from './engine-metrics';

const topic = TOPIC.activity;
const RETRIED = [
  'claim',
  'load',
  'commit',
  'lease',
  'publish',
  'clock',
  'release',
  'flush',
] as const satisfies readonly RetriedOperation[];

/** Counts what the engine says about itself. */
export function meterEngine(metrics: EngineMetrics): EngineObserver {
  showFromTheStart(metrics);
  const owned = new Set<number>();
  const lags = new LagMeter(metrics);
  const forget = (partition: number): void => {
    lags.forget(partition);
    const { outboxPending, outboxSeconds, stopped, nextDeadline, deadlinesArmed } = metrics;
    for (const gauge of [outboxPending, outboxSeconds, stopped, nextDeadline, deadlinesArmed])
      gauge.remove({ partition });
    for (const what of RETRIED) metrics.away.remove({ what, partition });
  };
  return {
    batch(_, { records, seconds }) {
      metrics.batchEvents.observe(records);
      metrics.batchSeconds.observe(seconds);
    },
    outcomes(result, count) {
      metrics.events.inc({ topic, result }, count);
    },
    moves(region, from, to, count) {
      metrics.moves.inc({ region, from: from ?? '-', to }, count);
    },
    facts(of, count) {
      metrics.facts.inc({ topic: of }, count);
    },
    deadLetters(reason, count) {
      metrics.deadLetters.inc({ reason }, count);
    },
    lag(partition, lag) {
      lags.report(partition, lag);
    },
    outbox(partition, { pending, seconds }) {
      metrics.outboxPending.set({ partition }, pending);
      if (pending > 0) metrics.outboxSeconds.waiting({ partition }, seconds);
      else metrics.outboxSeconds.idle({ partition });
    },
    deadlinesArmed(partition, count) {
      metrics.deadlinesArmed.set({ partition }, count);
    },
    deadlineLateness(seconds, count) {
      for (let i = 0; i < count; i++) metrics.lateness.observe(seconds);
    },
    clockAppended() {
      metrics.clocks.inc();
    },
    claimed(partition) {
      metrics.rebalances.inc();
      metrics.owned.set(owned.add(partition).size);
      metrics.stopped.set({ partition }, 0);
    },
    released(partition) {
      owned.delete(partition);
      metrics.owned.set(owned.size);
      forget(partition);
    },
    fenced() {
      metrics.fenced.inc();
    },
    parked(_, count) {
      metrics.parked.inc(count);
    },
    forwarded(_, count) {
      metrics.forwarded.inc(count);
    },
    republished(_, blobs) {
      metrics.republished.inc(blobs);
    },
    nextDeadline(partition, due) {
      if (due === null) metrics.nextDeadline.remove({ partition });
      else metrics.nextDeadline.set({ partition }, due / 1000);
    },
    retrying(what, partition) {
      metrics.retries.inc({ what });
      metrics.away.set({ what, partition }, 1);
      lags.retrying(what, partition);
    },
    recovered(what, partition) {
      metrics.away.set({ what, partition }, 0);
      lags.recovered(partition);
    },
    stopped(partition) {
      metrics.stopped.set({ partition }, 1);
    },
  };
}

/** A series that appears only with its first event hides that event from `rate`. */
function showFromTheStart(metrics: EngineMetrics): void {
  for (const result of OUTCOMES) metrics.events.inc({ topic, result }, 0);
  for (const reason of DEAD_LETTER_CAUSES) metrics.deadLetters.inc({ reason }, 0);
  for (const what of RETRIED) metrics.retries.inc({ what }, 0);
}

/**
 * How far each partition is behind. The engine reports it with each commit; between two commits what waits grows older, also
 * what a micro-batch holds that cannot be committed while the database is away.
 */
class LagMeter {
  private readonly behind = new Set<number>();
  private readonly held = new Set<number>();

  constructor(private readonly metrics: Pick<EngineMetrics, 'lagRecords' | 'lagSeconds'>) {}

  report(partition: number, { records, seconds }: { readonly records: number; readonly seconds: number }): void {
    const labels = { topic, partition };
    this.held.delete(partition);
    this.metrics.lagRecords.set(labels, records);
    if (records > 0) {
      this.behind.add(partition);
      this.metrics.lagSeconds.waiting(labels, seconds);
    } else {
      this.behind.delete(partition);
      this.metrics.lagSeconds.idle(labels);
    }
  }

  retrying(what: RetriedOperation, partition: number): void {
    const holds = what === 'load' || what === 'commit';
    if (!holds || this.behind.has(partition) || this.held.has(partition)) return;
    this.held.add(partition);
    this.metrics.lagSeconds.waiting({ topic, partition }, 0);
  }

  recovered(partition: number): void {
    if (this.held.delete(partition)) this.metrics.lagSeconds.idle({ topic, partition });
  }

  forget(partition: number): void {
    this.behind.delete(partition);
    this.held.delete(partition);
    this.metrics.lagRecords.remove({ topic, partition });
    this.metrics.lagSeconds.remove({ topic, partition });
  }
}
