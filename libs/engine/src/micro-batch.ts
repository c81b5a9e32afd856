/** Everything a run of inputs changes, gathered for one commit. */
import {
  type DeadLetterCause,
  type Fact,
  type LogRecord,
  type OutRecord,
  recordBytes,
  type Stamp,
} from '@perennial/contracts';
import { type Instant, type TenantId } from '@perennial/values';
import type { CustomerState } from '@perennial/lifecycle';
import type { Customer, Customers } from './customers';
import type { OutboxWriter } from './outbox/encode-outbox';
import type { OutcomeName } from './observer';
import type { Commit, DeadlineChange } from './ports';
import type { StateRowsWriter } from './state-rows';
import { Tally } from './tally';

/** What the input at `offset` made of a customer; `due` as in a decision. */
export interface Change {
  readonly state: CustomerState;
  readonly due: Instant | null | undefined;
  readonly offset: number;
}

/** What is counted of a customer, before an input changes it. */
export interface Standing {
  readonly armed: boolean;
  readonly parked: boolean;
}

export const standing = (state: CustomerState | null): Standing => ({
  armed: state !== null && state.armed !== null,
  parked: state?.parked === true,
});

export class MicroBatch {
  readonly deadLetterCauses = new Map<DeadLetterCause, number>();
  inputs = 0;
  /** Append time of the last input. */
  newestAppend: Instant = 0;
  parked = 0;
  /** Of the inputs. */
  private bytes = 0;
  /** Since the last `pack`. */
  private changed: Customer[] = [];
  private readonly deadlines = new Map<string, DeadlineChange>();
  private readonly tallies = new Map<TenantId, Tally>();
  private nextOffset: number;

  constructor(
    private readonly firstOffset: number,
    private readonly customers: Customers,
    /** Of the partition; empty, as is the outbox. Used again, so that their buffers have grown already. */
    private readonly states: StateRowsWriter,
    private readonly outbox: OutboxWriter,
    /** As `batchBytes` of the limits. */
    private readonly mostBytes: number,
  ) {
    this.nextOffset = firstOffset;
  }

  get isEmpty(): boolean {
    return this.inputs === 0;
  }

  /** The next input belongs to the next micro-batch. */
  get isFull(): boolean {
    return Math.max(this.bytes, this.outbox.size, this.states.size) >= this.mostBytes;
  }

  /** It takes the partition's progress further, with inputs or without. */
  get moves(): boolean {
    return this.nextOffset > this.firstOffset;
  }

  get tally(): Iterable<Tally> {
    return this.tallies.values();
  }

  /** The input has been dealt with. */
  pass(record: LogRecord): void {
    const { offset, timestamp } = record;
    this.inputs += 1;
    this.bytes += recordBytes(record);
    this.nextOffset = offset + 1;
    this.newestAppend = timestamp;
  }

  /** There are no inputs before this offset that were not dealt with (docs/adr/0022). */
  passTo(nextOffset: number): void {
    this.nextOffset = Math.max(this.nextOffset, nextOffset);
  }

  change(customer: Customer, tenant: TenantId, before: Standing, { state, due, offset }: Change): void {
    if (state.parked && !before.parked) this.parked += 1;
    this.of(tenant).armed += (state.armed === null ? 0 : 1) - (before.armed ? 1 : 0);
    if (customer.changedAt === null) this.changed.push(customer);
    customer.state = state;
    customer.changedAt = offset;
    if (due !== undefined) customer.due = due;
  }

  outcome(tenant: TenantId, name: OutcomeName): void {
    this.of(tenant).outcomes[name] += 1;
  }

  deadLetter(tenant: TenantId, cause: DeadLetterCause, record: OutRecord): void {
    this.outbox.record(record);
    this.deadLetterCauses.set(cause, (this.deadLetterCauses.get(cause) ?? 0) + 1);
    this.of(tenant).deadLetters += 1;
  }

  forward(tenant: TenantId, record: OutRecord): void {
    this.outbox.record(record);
    this.of(tenant).forwarded += 1;
  }

  /** What one input stated of one customer; `index` counts from its first fact. */
  facts(tenant: TenantId, facts: readonly Fact[], stamp: Stamp, index: number): void {
    this.outbox.facts(facts, stamp, index);
    const tally = this.of(tenant);
    for (const fact of facts) tally.fact(fact, stamp.definition.version);
  }

  /** The commit of this micro-batch. */
  toCommit(
    progress: Pick<Commit, 'expectedOffset' | 'publishedThrough'>,
    control: Pick<Commit, 'tenants' | 'numbers'>,
  ): Commit {
    this.pack();
    const bytes = this.outbox.finish();
    return {
      ...progress,
      nextOffset: this.nextOffset,
      deadlines: [...this.deadlines.values()],
      states: this.states.finish(),
      outbox: bytes === null ? null : { firstOffset: this.firstOffset, bytes },
      ...control,
      totals: [...this.tallies].flatMap(([tenant, tally]) => tally.totals(tenant)),
    };
  }

  /**
   * Turns what changed into bytes; each customer once, however many inputs changed it since the last time. Customers are at
   * hand no more afterwards: what is unpacked of them points to bytes that are replaced here.
   */
  pack(): void {
    for (const { key, state, changedAt, due } of this.changed) {
      if (state === null) continue;
      this.customers.packed(key, this.states.state(key, state, changedAt ?? 0));
      if (due === undefined) continue;
      this.deadlines.set(key, { key, tenant: key.slice(0, key.indexOf(':')) as TenantId, due });
    }
    this.changed = [];
    this.customers.putAway();
  }

  private of(tenant: TenantId): Tally {
    const known = this.tallies.get(tenant);
    if (known !== undefined) return known;
    const tally = new Tally();
    this.tallies.set(tenant, tally);
    return tally;
  }
}
