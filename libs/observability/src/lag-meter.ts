import { TOPIC } from '@perennial/contracts';
import type { RetriedOperation } from '@perennial/processor';
import type { EngineMetrics } from './engine-metrics';

const topic = TOPIC.activity;

/**
 * How far each partition is behind. The engine reports it with each commit; between two commits what waits grows older, also
 * what a micro-batch holds that cannot be committed while the database is away.
 */
export class LagMeter {
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
