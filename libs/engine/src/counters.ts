/** What a micro-batch counts: totals of its tenants for the commit, and figures for the observer. */
import { type DeadLetterCause, type Fact, FACT_TOPICS, type TopicName } from '@perennial/contracts';
import { type TenantId } from '@perennial/values';
import { type EngineObserver, type OutcomeName, OUTCOMES } from './observer';

/**
 * Running totals by tenant and name, e.g. `activities`, `move:stage:onboarding>activation`, `fact:<topic>`, `stage:in-life`,
 * `definition:<version>` (customers in it).
 */
export interface TotalChange {
  readonly tenant: TenantId;
  readonly name: string;
  readonly delta: number;
}

/** Moves from one state of a region to another; `from` null: entries. */
interface MoveCount {
  readonly region: string;
  readonly from: string | null;
  readonly to: string;
  count: number;
}

/** The region of stages: its entry is the customer's. */
const STAGE = 'stage';

/** Of one micro-batch. */
export class BatchCounters {
  readonly deadLetterCauses = new Map<DeadLetterCause, number>();
  parked = 0;
  private readonly byTenant = new Map<TenantId, TenantCounters>();

  of(tenant: TenantId): TenantCounters {
    const known = this.byTenant.get(tenant);
    if (known !== undefined) return known;
    const counters = new TenantCounters();
    this.byTenant.set(tenant, counters);
    return counters;
  }

  deadLetter(tenant: TenantId, cause: DeadLetterCause): void {
    this.deadLetterCauses.set(cause, (this.deadLetterCauses.get(cause) ?? 0) + 1);
    this.of(tenant).deadLetters += 1;
  }

  totals(): TotalChange[] {
    return [...this.byTenant].flatMap(([tenant, counters]) => counters.totals(tenant));
  }

  /** Tells the observer of a committed micro-batch. */
  report(observer: EngineObserver, partition: number): void {
    for (const { outcomes, moves, topics, forwarded } of this.byTenant.values()) {
      for (const name of OUTCOMES) if (outcomes[name] > 0) observer.outcomes(name, outcomes[name]);
      for (const { region, from, to, count } of moves) observer.moves(region, from, to, count);
      for (const [topic, count] of topics) if (count > 0) observer.facts(topic, count);
      if (forwarded > 0) observer.forwarded(partition, forwarded);
    }
    for (const [cause, count] of this.deadLetterCauses) observer.deadLetters(cause, count);
    if (this.parked > 0) observer.parked(partition, this.parked);
  }
}

/** What a micro-batch counts of one tenant. */
class TenantCounters {
  readonly outcomes = Object.fromEntries(OUTCOMES.map((name) => [name, 0])) as Record<OutcomeName, number>;
  /** By region and path: one string for each way through the chart, so that looking it up costs no hashing. */
  private readonly transitions = new Map<string, Map<string, MoveCount>>();
  /** Version of the definition → customers that entered in it. */
  private readonly entries = new Map<number, number>();
  private readonly facts = { 'stage-changed': 0, signal: 0, state: 0 };
  deadLetters = 0;
  forwarded = 0;
  /** Deadline rows more than before. */
  armed = 0;

  /** `version`: that of the definition that its customer is in. */
  fact(fact: Fact, version: number): void {
    this.facts[fact.kind] += 1;
    if (fact.kind !== 'stage-changed') return;
    const { region, path, from, to } = fact;
    if (region === STAGE && from === null) this.entries.set(version, (this.entries.get(version) ?? 0) + 1);
    const ofRegion = this.transitions.get(region) ?? new Map<string, MoveCount>();
    this.transitions.set(region, ofRegion);
    const known = ofRegion.get(path);
    if (known === undefined) ofRegion.set(path, { region, from, to, count: 1 });
    else known.count += 1;
  }

  get moves(): readonly MoveCount[] {
    return [...this.transitions.values()].flatMap((ofRegion) => [...ofRegion.values()]);
  }

  /** Topic → facts. */
  get topics(): readonly (readonly [TopicName, number])[] {
    const kinds = Object.keys(this.facts) as Fact['kind'][];
    return kinds.map((kind) => [FACT_TOPICS[kind], this.facts[kind]] as const);
  }

  totals(tenant: TenantId): TotalChange[] {
    const { taken, late, unverifiable, duplicate, uncatalogued, future } = this.outcomes;
    const totals = new Map<string, number>([
      ['activities', taken + late + unverifiable],
      ['late', late],
      ['unverifiable', unverifiable],
      ['duplicates', duplicate],
      ['uncatalogued', uncatalogued],
      ['future', future],
      ['amount-left-out', this.outcomes['amount-left-out']],
      ['amount-other-sign', this.outcomes['amount-other-sign']],
      ['repeated-clocks', this.outcomes['repeated-clock']],
      ['dead-letters', this.deadLetters],
      ['forwarded', this.forwarded],
      ['deadlines', this.armed],
      ...this.topics.map(([topic, count]) => [`fact:${topic}`, count] as const),
      ...[...this.entries].map(([version, count]) => [`definition:${version}`, count] as const),
    ]);
    const add = (name: string, delta: number): unknown => totals.set(name, (totals.get(name) ?? 0) + delta);
    for (const { region, from, to, count } of this.moves) {
      if (from !== null) add(`move:${region}:${from}>${to}`, count);
      if (region !== STAGE || from === to) continue;
      add(`stage:${to}`, count);
      if (from !== null) add(`stage:${from}`, -count);
    }
    return [...totals].filter(([, delta]) => delta !== 0).map(([name, delta]) => ({ tenant, name, delta }));
  }
}
