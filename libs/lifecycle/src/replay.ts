/**
 * replay: a history through the same core, without log or store. Each customer's activities come in order of time; there is
 * no de-duplication.
 */
import type { Activity, Fact } from '@perennial/contracts';
import type { CustomerId, Instant } from '@perennial/values';
import type { CompiledDefinition } from '@perennial/definition';
import type { Configuration } from './statechart';
import { decideInPlace } from './decide';
import { createPlan, type Plan } from './plan';
import { increase, type ReplaySummary, viewCounts } from './replay-summary';
import type { CustomerState } from './state';
import { type CustomerView, view } from './view';

export interface ReplayOptions {
  /** Called for each fact, in order per customer. */
  readonly onFact?: (customer: CustomerId, fact: Fact) => void;
}

export class Replay {
  private readonly plan: Plan;
  private readonly states = new Map<CustomerId, CustomerState>();
  private released = 0;
  /** Customers that were released, by where they stand in the stage region. */
  private readonly standing = new Map<Configuration, number>();
  /** By `from`, then `to`: a name is made for the summary only. */
  private readonly moves = new Map<string, Map<string, number>>();
  private readonly facts = { 'stage-changed': 0, signal: 0, state: 0 };
  private activities = 0;
  private parked = 0;
  private readonly outcomes = new Map<string, number>();
  private readonly amountsLeftOut = new Map<string, number>();

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
    const decision = decideInPlace(this.plan, { state, input, now: at });
    increase(this.outcomes, decision.outcome);
    if (!decision.changed) return;
    this.activities += 1;
    if (decision.flaw !== null) increase(this.amountsLeftOut, decision.flaw);
    this.keep(activity.customer, decision.state, decision.facts);
  }

  /** The last clock: what is due at or before `until` fires for every customer. */
  finish(until: Instant): void {
    for (const customer of this.states.keys()) this.finishOne(customer, until);
  }

  /** The last clock of one customer. */
  finishOne(customer: CustomerId, until: Instant): void {
    const state = this.states.get(customer);
    if (state === undefined || state.armed === null || state.armed > until) return;
    const decision = decideInPlace(this.plan, { state, input: { kind: 'clock' }, now: until });
    this.keep(customer, decision.state, decision.facts);
  }

  /** Lets go of all customers: the summary counts them where they are, and they are unknown from now on. */
  release(): void {
    this.released += this.states.size;
    this.countStanding(this.standing);
    this.parked += this.countParked();
    this.states.clear();
  }

  summary(): ReplaySummary {
    const standing = new Map(this.standing);
    this.countStanding(standing);
    const stages = new Map<string, number>();
    for (const [{ top }, customers] of standing) increase(stages, top, customers);
    return {
      activities: this.activities,
      outcomes: Object.fromEntries(this.outcomes),
      amountsLeftOut: Object.fromEntries(this.amountsLeftOut),
      customers: this.released + this.states.size,
      parked: this.parked + this.countParked(),
      stages: Object.fromEntries(stages),
      views: viewCounts(this.plan.definition.views, standing),
      moves: Object.fromEntries(
        [...this.moves].flatMap(([from, counts]) => [...counts].map(([to, count]) => [`${from}>${to}`, count])),
      ),
      facts: { ...this.facts },
    };
  }

  /** How many customers are held. */
  get size(): number {
    return this.states.size;
  }

  /** Where a customer stands; null for one that is not held. */
  customer(customer: CustomerId): ({ readonly customer: CustomerId } & CustomerView) | null {
    const state = this.states.get(customer);
    return state === undefined ? null : { customer, ...view(this.plan, state) };
  }

  private countStanding(standing: Map<Configuration, number>): void {
    for (const { regions } of this.states.values()) {
      const at = regions[0]?.configuration;
      if (at !== undefined) increase(standing, at);
    }
  }

  private countParked(): number {
    let parked = 0;
    for (const state of this.states.values()) if (state.parked) parked += 1;
    return parked;
  }

  private keep(customer: CustomerId, state: CustomerState | null, facts: readonly Fact[]): void {
    if (state !== null) this.states.set(customer, state);
    for (const fact of facts) {
      this.facts[fact.kind] += 1;
      if (fact.kind === 'stage-changed' && fact.from !== null && fact.region === this.plan.definition.regions[0].name) {
        const known = this.moves.get(fact.from);
        const counts = known ?? new Map<string, number>();
        if (known === undefined) this.moves.set(fact.from, counts);
        increase(counts, fact.to);
      }
      this.options.onFact?.(customer, fact);
    }
  }
}
