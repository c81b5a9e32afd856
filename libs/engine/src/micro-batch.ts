/** Everything a run of inputs changes, gathered for one commit. */
import type { DeadLetterCause, Fact, Instant, LogRecord, OutRecord, Stamp, TenantId } from '@perennial/contracts';
import { type CustomerState, packStates } from '@perennial/lifecycle';
import type { Customer, Customers } from './customers';
import type { Emission } from './emission';
import { encodeOutbox } from './outbox/encode-outbox';
import type { OutcomeName } from './observer';
import type { Commit, StateRow, TenantState } from './ports';
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
  readonly emissions: Emission[] = [];
  readonly deadLetterCauses = new Map<DeadLetterCause, number>();
  inputs = 0;
  /** Append time of the last input. */
  newestAppend: Instant = 0;
  parked = 0;
  private readonly changed: Customer[] = [];
  private readonly tallies = new Map<TenantId, Tally>();
  private nextOffset: number;

  constructor(private readonly firstOffset: number) {
    this.nextOffset = firstOffset;
  }

  get isEmpty(): boolean {
    return this.inputs === 0;
  }

  get tally(): Iterable<Tally> {
    return this.tallies.values();
  }

  /** The input has been dealt with. */
  pass({ offset, timestamp }: LogRecord): void {
    this.inputs += 1;
    this.nextOffset = offset + 1;
    this.newestAppend = timestamp;
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
    this.emissions.push({ kind: 'record', record });
    this.deadLetterCauses.set(cause, (this.deadLetterCauses.get(cause) ?? 0) + 1);
    this.of(tenant).deadLetters += 1;
  }

  forward(tenant: TenantId, record: OutRecord): void {
    this.emissions.push({ kind: 'record', record });
    this.of(tenant).forwarded += 1;
  }

  fact(tenant: TenantId, fact: Fact, stamp: Stamp, index: number): void {
    this.emissions.push({ kind: 'fact', fact, stamp, index });
    this.of(tenant).fact(fact);
  }

  /** The commit of this micro-batch. Packs each changed state once, however many inputs changed it. */
  toCommit(
    owner: Pick<Commit, 'partition' | 'epoch' | 'expectedOffset' | 'publishedThrough'>,
    tenants: readonly TenantState[],
    customers: Customers,
  ): Commit {
    const bytes = this.emissions.length === 0 ? null : encodeOutbox(this.emissions);
    return {
      ...owner,
      nextOffset: this.nextOffset,
      deadlines: this.deadlines(),
      states: this.pack(customers),
      outbox: bytes === null ? null : { firstOffset: this.firstOffset, bytes },
      tenants,
      totals: [...this.tallies].flatMap(([tenant, tally]) => tally.totals(tenant)),
    };
  }

  private deadlines(): Commit['deadlines'] {
    return this.changed.flatMap(({ key, due }) =>
      due === undefined ? [] : [{ key, tenant: key.slice(0, key.indexOf(':')) as TenantId, due }],
    );
  }

  private pack(customers: Customers): StateRow[] {
    const states = this.changed.flatMap(({ state }) => state ?? []);
    const packed = packStates(states);
    let start = 0;
    return this.changed.map((customer, index): StateRow => {
      const end = start + (packed.lengths[index] ?? 0);
      const bytes = packed.packed.subarray(start, end);
      const { key, state, changedAt } = customer;
      customers.packed(key, bytes);
      start = end;
      customer.changedAt = null;
      customer.due = undefined;
      return { key, stage: state?.regions[0]?.configuration.top ?? '', version: changedAt ?? 0, packed: bytes };
    });
  }

  private of(tenant: TenantId): Tally {
    const known = this.tallies.get(tenant);
    if (known !== undefined) return known;
    const tally = new Tally();
    this.tallies.set(tenant, tally);
    return tally;
  }
}
