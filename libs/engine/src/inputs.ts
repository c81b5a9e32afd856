/** From records to decisions: receive → load → dedupe … step, a handful at a time; what they change is gathered in a micro-batch. */
import type { Clock, CustomerKey, LogRecord } from '@perennial/contracts';
import { dueQueries } from './clock-firing';
import type { Customers } from './customers';
import { Decider } from './decider';
import type { MicroBatch } from './micro-batch';
import { type Received, receive } from './receive';
import { ABANDONED, type RetryContext, retrying } from './retrying';
import type { Shared } from './shared';
import type { Tenants } from './tenants';

export interface InputEvents {
  /** A clock record of live tenants was read. */
  readonly clockRead: () => void;
  /** Clocks and commands: which deadline is next is not known any more. */
  readonly deadlinesChange: () => void;
  /** A clock record is decided on committed deadlines. False when the partition is not ours any more. */
  readonly commit: (batch: MicroBatch) => Promise<boolean>;
  readonly begin: (firstOffset: number) => MicroBatch;
}

export class Inputs {
  private readonly decider: Decider;

  constructor(
    private readonly shared: Shared,
    private readonly context: RetryContext,
    private readonly tenants: Tenants,
    private readonly customers: Customers,
    private readonly on: InputEvents,
  ) {
    this.decider = new Decider(context.partition, shared.partitions, tenants, customers);
  }

  /** A handful of a micro-batch: when it is decided, only bytes of it are left. Null when the partition is not ours any more. */
  async take(begun: MicroBatch, records: readonly LogRecord[]): Promise<MicroBatch | null> {
    const received = records.map((record) => receive(record, this.context.partition, this.shared.signing));
    if (!(await this.load(keysOf(received)))) return null;
    let batch = begun;
    for (const [index, record] of records.entries()) {
      const input = received[index];
      if (input === undefined) continue;
      if (input.kind === 'clock' && !batch.isEmpty) {
        if (!(await this.on.commit(batch)) || !(await this.load(keysOf(received.slice(index))))) return null;
        batch = this.on.begin(record.offset);
      }
      if (!(await this.decide(batch, record, input))) return null;
      batch.pass(record);
    }
    batch.pack();
    return batch;
  }

  private async decide(batch: MicroBatch, record: LogRecord, input: Received): Promise<boolean> {
    switch (input.kind) {
      case 'activity':
        this.decider.activity(batch, record, input);
        return true;
      case 'poison':
        this.decider.poison(batch, record, input);
        return true;
      case 'command': {
        const poison = this.tenants.obey(input.command);
        if (poison !== null) this.decider.poison(batch, record, poison);
        this.on.deadlinesChange();
        return true;
      }
      case 'clock':
        return this.fire(batch, record, input.clock);
    }
  }

  /** Fires what a clock record lets fall due; false when the partition is not ours any more. */
  private async fire(batch: MicroBatch, record: LogRecord, clock: Clock): Promise<boolean> {
    this.on.deadlinesChange();
    if (clock.scope.kind === 'live') this.on.clockRead();
    const queries = dueQueries(clock, record, this.tenants);
    if ('kind' in queries) {
      this.decider.poison(batch, record, queries);
      return true;
    }
    for (const { tenant, through } of queries) this.tenants.clock(this.tenants.get(tenant), through);
    const { store, limits, observer } = this.shared;
    const due = await retrying('load', this.context, () =>
      store.due(this.context.partition, queries, limits.deadlinesPerClock),
    );
    if (due === ABANDONED || !(await this.load(due.map(({ key }) => key)))) return false;
    const cause = this.decider.cause(record);
    for (const { key, due: at } of due) {
      const query = queries.find(({ tenant }) => key.startsWith(`${tenant}:`));
      if (query === undefined) continue;
      this.decider.clock(batch, cause, key as CustomerKey, query.through);
      if (clock.scope.kind === 'live') observer.deadlineLateness((query.through - at) / 1000, 1);
    }
    return true;
  }

  private async load(keys: readonly string[]): Promise<boolean> {
    const missing = this.customers.bring(keys);
    if (missing.length === 0) return true;
    const rows = await retrying('load', this.context, () => this.shared.store.load(this.context.partition, missing));
    if (rows === ABANDONED) return false;
    this.customers.loaded(missing, rows);
    return true;
  }
}

function keysOf(inputs: readonly Received[]): string[] {
  const keys: string[] = [];
  for (const input of inputs) if (input.kind === 'activity') keys.push(input.key);
  return keys;
}
