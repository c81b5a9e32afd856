/** Everything a run of inputs changes, gathered for one commit. */
import {
  type DeadLetterCause,
  type Fact,
  type Instant,
  type LogRecord,
  type OutRecord,
  type Stamp,
  type TenantId,
  TOPIC,
  type TopicName,
} from '@perennial/contracts';
import { type CustomerState, packState } from '@perennial/lifecycle';
import type { Emission } from './emission';
import { encodeOutbox } from './outbox';
import type { OutcomeName } from './observer';
import type { Commit, DeadlineChange, StateRow, TenantState } from './ports';

export class MicroBatch {
  readonly emissions: Emission[] = [];
  readonly outcomes = new Map<OutcomeName, number>();
  readonly deadLetterCauses = new Map<DeadLetterCause, number>();
  readonly moves = new Map<
    string,
    { readonly region: string; readonly from: string | null; readonly to: string; count: number }
  >();
  readonly topics = new Map<TopicName, number>();
  inputs = 0;
  /** Append time of the last input. */
  newestAppend: Instant = 0;
  parked = 0;
  forwarded = 0;
  private readonly states = new Map<string, { state: CustomerState; version: number }>();
  private readonly deadlines = new Map<string, DeadlineChange>();
  private readonly totals = new Map<TenantId, Map<string, number>>();
  private nextOffset: number;

  constructor(private readonly firstOffset: number) {
    this.nextOffset = firstOffset;
  }

  get isEmpty(): boolean {
    return this.inputs === 0;
  }

  /** The input has been dealt with. */
  pass({ offset, timestamp }: LogRecord): void {
    this.inputs += 1;
    this.nextOffset = offset + 1;
    this.newestAppend = timestamp;
  }

  state(key: string, state: CustomerState, version: number): void {
    this.states.set(key, { state, version });
  }

  deadline(change: DeadlineChange): void {
    this.deadlines.set(change.key, change);
  }

  outcome(tenant: TenantId, name: OutcomeName): void {
    add(this.outcomes, name, 1);
    if (name === 'taken' || name === 'late' || name === 'unverifiable') this.total(tenant, 'activities', 1);
    if (name !== 'taken') this.total(tenant, name === 'duplicate' ? 'duplicates' : name, 1);
  }

  deadLetter(tenant: TenantId, cause: DeadLetterCause, record: OutRecord): void {
    this.emissions.push({ kind: 'record', record });
    add(this.deadLetterCauses, cause, 1);
    this.total(tenant, 'dead-letters', 1);
  }

  forward(tenant: TenantId, record: OutRecord): void {
    this.emissions.push({ kind: 'record', record });
    this.forwarded += 1;
    this.total(tenant, 'forwarded', 1);
  }

  fact(tenant: TenantId, fact: Fact, stamp: Stamp, index: number): void {
    this.emissions.push({ kind: 'fact', fact, stamp, index });
    const topic = topicOf(fact);
    add(this.topics, topic, 1);
    this.total(tenant, `fact:${topic}`, 1);
    if (fact.kind === 'stage-changed') this.move(tenant, fact);
  }

  /** The commit of this micro-batch. Packs each changed state once, however many inputs changed it. */
  toCommit(
    owner: Pick<Commit, 'partition' | 'epoch' | 'expectedOffset' | 'publishedThrough'>,
    tenants: readonly TenantState[],
  ): Commit {
    const bytes = this.emissions.length === 0 ? null : encodeOutbox(this.emissions);
    return {
      ...owner,
      nextOffset: this.nextOffset,
      states: [...this.states].map(
        ([key, { state, version }]): StateRow => ({
          key,
          stage: state.regions[0]?.configuration.top ?? '',
          version,
          packed: packState(state),
        }),
      ),
      deadlines: [...this.deadlines.values()],
      outbox: bytes === null ? null : { firstOffset: this.firstOffset, bytes },
      tenants,
      totals: [...this.totals].flatMap(([tenant, names]) =>
        [...names].filter(([, delta]) => delta !== 0).map(([name, delta]) => ({ tenant, name, delta })),
      ),
    };
  }

  private move(tenant: TenantId, { region, from, to }: Fact & { kind: 'stage-changed' }): void {
    const name = `${region}:${from ?? ''}>${to}`;
    const known = this.moves.get(name) ?? { region, from, to, count: 0 };
    known.count += 1;
    this.moves.set(name, known);
    if (from !== null) this.total(tenant, `move:${name}`, 1);
    if (region !== 'stage' || from === to) return;
    this.total(tenant, `stage:${to}`, 1);
    if (from !== null) this.total(tenant, `stage:${from}`, -1);
  }

  private total(tenant: TenantId, name: string, delta: number): void {
    const names = this.totals.get(tenant) ?? new Map<string, number>();
    this.totals.set(tenant, names);
    add(names, name, delta);
  }
}

function topicOf(fact: Fact): TopicName {
  switch (fact.kind) {
    case 'stage-changed':
      return TOPIC.stageChanged;
    case 'signal':
      return TOPIC.signal;
    case 'state':
      return TOPIC.state;
  }
}

function add<K>(counts: Map<K, number>, name: K, delta: number): void {
  counts.set(name, (counts.get(name) ?? 0) + delta);
}
