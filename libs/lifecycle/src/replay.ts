/** replay: a history through the same core, without log or store. Activities come in order of time; there is no de-duplication. */
import type { Activity, CustomerId, Fact, Instant } from '@perennial/contracts';
import type { CompiledDefinition } from '@perennial/definition';
import { decide } from './decide';
import { createPlan, type Plan } from './plan';
import type { CustomerState } from './state';
import { type CustomerView, view } from './view';

export interface ReplaySummary {
  /** Taken: catalogued, and in effect. */
  readonly activities: number;
  /** No row of the catalogue matches. */
  readonly ignored: number;
  /** The amount is beyond what is kept exactly: a dead letter, were it in the log. */
  readonly refused: number;
  readonly late: number;
  readonly customers: number;
  readonly stages: Readonly<Record<string, number>>;
  /** Moves of the stage region, `from>to`, entries left out. */
  readonly moves: Readonly<Record<string, number>>;
  /** By kind of fact. */
  readonly facts: Readonly<Record<Fact['kind'], number>>;
}

export interface ReplayOptions {
  /** Called for each fact, in order per customer. */
  readonly onFact?: (customer: CustomerId, fact: Fact) => void;
}

export class Replay {
  private readonly plan: Plan;
  private readonly states = new Map<CustomerId, CustomerState>();
  private readonly moves = new Map<string, number>();
  private readonly facts = { 'stage-changed': 0, signal: 0, state: 0 };
  private readonly counts = { activities: 0, ignored: 0, refused: 0, late: 0 };

  constructor(
    definition: CompiledDefinition,
    private readonly options: ReplayOptions = {},
  ) {
    this.plan = createPlan(definition);
  }

  /** One activity; its time must be known. */
  take(activity: Activity, at: Instant): void {
    const state = this.states.get(activity.customer) ?? null;
    const input = { kind: 'activity', activity, statedAt: at, dedupe: false } as const;
    const decision = decide(this.plan, { state, input, now: at, owned: true });
    if (decision.outcome === 'ignored' || decision.outcome === 'refused') {
      this.counts[decision.outcome] += 1;
      return;
    }
    this.counts.activities += 1;
    if (decision.outcome === 'late') this.counts.late += 1;
    this.keep(activity.customer, decision.state, decision.facts);
  }

  /** The last clock: what is due at or before `until` fires for every customer. */
  finish(until: Instant): void {
    for (const [customer, state] of this.states) {
      if (state.armed === null || state.armed > until) continue;
      const decision = decide(this.plan, { state, input: { kind: 'clock' }, now: until, owned: true });
      this.keep(customer, decision.state, decision.facts);
    }
  }

  summary(): ReplaySummary {
    const stages = new Map<string, number>();
    for (const { regions } of this.states.values()) increase(stages, regions[0]?.configuration.top ?? '');
    return {
      ...this.counts,
      customers: this.states.size,
      stages: Object.fromEntries(stages),
      moves: Object.fromEntries(this.moves),
      facts: { ...this.facts },
    };
  }

  *customers(): Iterable<{ readonly customer: CustomerId } & CustomerView> {
    for (const [customer, state] of this.states) yield { customer, ...view(this.plan, state) };
  }

  private keep(customer: CustomerId, state: CustomerState | null, facts: readonly Fact[]): void {
    if (state !== null) this.states.set(customer, state);
    for (const fact of facts) {
      this.facts[fact.kind] += 1;
      if (fact.kind === 'stage-changed' && fact.from !== null && fact.region === this.plan.definition.regions[0].name) {
        increase(this.moves, `${fact.from}>${fact.to}`);
      }
      this.options.onFact?.(customer, fact);
    }
  }
}

export const increase = (counts: Map<string, number>, name: string): unknown =>
  counts.set(name, (counts.get(name) ?? 0) + 1);
