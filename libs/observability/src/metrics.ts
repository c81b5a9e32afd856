import { collectDefaultMetrics, Gauge, type LabelValues, Registry } from 'prom-client';

/** A registry with what every service shows: event-loop delay, garbage collection, memory, CPU. One per service. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** As those of a gauge of prom-client. */
export interface AgingGaugeOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  readonly registers: readonly Registry[];
  /** Seconds from any fixed point, by a clock that never steps back. */
  readonly now?: () => number;
}

interface Age<Label extends string> {
  readonly labels: LabelValues<Label>;
  readonly seconds: number;
  readonly at: number;
  readonly ages: boolean;
}

/**
 * The age of what waits, in seconds. Between two reports it grows by itself: what nobody reports on any more has not stopped to wait.
 */
export class AgingGauge<Label extends string> {
  private readonly ages = new Map<string, Age<Label>>();
  private readonly gauge: Gauge<Label>;
  private readonly now: () => number;

  constructor({ name, help, labelNames, registers, now = () => performance.now() / 1000 }: AgingGaugeOptions<Label>) {
    this.now = now;
    this.gauge = new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [...registers],
      collect: () => {
        this.show();
      },
    });
  }

  /** Something has been waiting for so long. */
  waiting(labels: LabelValues<Label>, seconds: number): void {
    this.report({ labels, seconds, at: this.now(), ages: true });
  }

  /** Nothing waits. */
  idle(labels: LabelValues<Label>): void {
    this.report({ labels, seconds: 0, at: this.now(), ages: false });
  }

  remove(labels: LabelValues<Label>): void {
    this.ages.delete(keyOf(labels));
    this.gauge.remove(labels);
  }

  private report(age: Age<Label>): void {
    this.ages.set(keyOf(age.labels), age);
  }

  private show(): void {
    for (const { labels, seconds, at, ages } of this.ages.values())
      this.gauge.set(labels, ages ? seconds + this.now() - at : 0);
  }
}

const keyOf = (labels: object): string => JSON.stringify(labels);
