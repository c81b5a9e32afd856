/** Everything a run of inputs changes, gathered for one commit. */
import { type ClockNumber, type LogRecord, recordBytes } from '@perennial/contracts';
import { type Instant, type TenantId } from '@perennial/values';
import type { OutboxWriter } from './outbox/blob';
import type { Commit, DeadlineChange } from './ports';
import type { StateRowsWriter } from './state-rows';
import type { Customer, WorkingSet } from './working-set';

/** What the input at `offset` made of a customer; `due` undefined leaves the deadline row as it is, null removes it. */
export interface Change<State> {
  readonly state: State;
  readonly due: Instant | null | undefined;
  readonly offset: number;
}

/** What a micro-batch writes into; the partition's, empty when one begins, so that their buffers have grown already. */
export interface Writers<State, Outbox> {
  readonly states: StateRowsWriter<State>;
  readonly outbox: Outbox;
}

/**
 * One micro-batch; a handler writes into it what its inputs change. `armed`, `deadlinesUnknown` and `clocksRead` are for the clock
 * scheduler.
 */
export class MicroBatch<State, Outbox extends OutboxWriter, Counters> {
  inputs = 0;
  /** Append time of the last input. */
  newestAppend: Instant = 0;
  /** Deadline rows more than before. */
  armed = 0;
  /** A clock record or a command was read: which deadline is next can only be asked of the store. */
  deadlinesUnknown = false;
  /** Clock records of live tenants that were read, of whichever processor, new or repeated. */
  readonly clocksRead: ClockNumber[] = [];
  /** Bytes of the records taken in. */
  private bytes = 0;
  /** Customers that changed since the last `serialize`. */
  private changed: Customer<State>[] = [];
  private readonly deadlines = new Map<string, DeadlineChange>();
  private nextOffset: number;

  constructor(
    private readonly firstOffset: number,
    readonly customers: WorkingSet<State>,
    private readonly writers: Writers<State, Outbox>,
    readonly counters: Counters,
    /** `Limits.batchBytes`. */
    private readonly mostBytes: number,
  ) {
    this.nextOffset = firstOffset;
  }

  get outbox(): Outbox {
    return this.writers.outbox;
  }

  get isEmpty(): boolean {
    return this.inputs === 0;
  }

  /** The next input belongs to the next micro-batch. */
  get isFull(): boolean {
    const { outbox, states } = this.writers;
    return Math.max(this.bytes, outbox.size, states.size) >= this.mostBytes;
  }

  /** It takes the partition's progress further, with inputs or without. */
  get advances(): boolean {
    return this.nextOffset > this.firstOffset;
  }

  /** The input has been dealt with. */
  pass(record: LogRecord): void {
    const { offset, timestamp } = record;
    this.inputs += 1;
    this.bytes += recordBytes(record);
    this.nextOffset = offset + 1;
    this.newestAppend = timestamp;
  }

  /** All inputs before this offset were dealt with (docs/adr/0022). */
  advanceTo(nextOffset: number): void {
    this.nextOffset = Math.max(this.nextOffset, nextOffset);
  }

  change(customer: Customer<State>, { state, due, offset }: Change<State>): void {
    if (customer.changedAt === null) this.changed.push(customer);
    customer.state = state;
    customer.changedAt = offset;
    if (due !== undefined) customer.due = due;
  }

  /**
   * Serializes what changed; each customer once, however many inputs changed it since the last time. Evicts the working set:
   * states alias bytes that are replaced here.
   */
  serialize(): void {
    for (const { key, state, changedAt, due } of this.changed) {
      if (state === null) continue;
      this.customers.store(key, this.writers.states.state(key, state, changedAt ?? 0));
      if (due === undefined) continue;
      this.deadlines.set(key, { key, tenant: key.slice(0, key.indexOf(':')) as TenantId, due });
    }
    this.changed = [];
    this.customers.evictAll();
  }

  /** The commit of this micro-batch. */
  toCommit(progress: Pick<Commit, 'expectedOffset' | 'publishedThrough'>): Commit {
    this.serialize();
    const { states, outbox } = this.writers;
    const bytes = outbox.finish();
    return {
      ...progress,
      nextOffset: this.nextOffset,
      deadlines: [...this.deadlines.values()],
      states: states.finish(),
      outbox: bytes === null ? null : { firstOffset: this.firstOffset, bytes },
    };
  }
}
