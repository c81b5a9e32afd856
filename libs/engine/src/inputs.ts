/** From records to decisions: receive → load → dedupe … step, a handful at a time; what they change is gathered in a micro-batch. */
import { type ClockNumber, type LogRecord, type Poison, readKey, type ReadKey } from '@perennial/contracts';
import { type CustomerKey, DEFAULT_TENANT } from '@perennial/values';
import { dueQueries, effectiveAt } from './clock-firing';
import { KEPT_NUMBERS } from './command-numbers';
import type { Customers } from './customers';
import { Decider } from './decider';
import { elapse } from './lease';
import type { MicroBatch } from './micro-batch';
import type { PartitionSession } from './ports';
import { type Received, receive } from './receive';
import { ABANDONED, type RetryContext, retrying } from './retrying';
import type { Shared } from './shared';
import type { Tenants } from './tenants';
import type { UsedNumbers } from './used-numbers';

export interface InputEvents {
  /** A clock record of live tenants was read; true when the one that was appended here is among those read. */
  readonly clockRead: (number: ClockNumber) => boolean;
  /** Clocks and commands: which deadline is next is not known any more. */
  readonly deadlinesChange: () => void;
  /** A clock record is decided on committed deadlines. False when the partition is not ours any more. */
  readonly commit: (batch: MicroBatch) => Promise<boolean>;
  readonly begin: (firstOffset: number) => MicroBatch;
}

/**
 * Instants of deadlines, of however many customers, after which the event loop has its turn: some 50 ms. Changes no fact: the
 * micro-batch goes on.
 */
const EVALUATIONS_PER_TURN = 5_000;

export class Inputs {
  private readonly decider: Decider;
  /** Instants of deadlines since the event loop had its turn. */
  private evaluated = 0;

  constructor(
    private readonly shared: Shared,
    private readonly session: PartitionSession,
    private readonly context: RetryContext,
    private readonly tenants: Tenants,
    private readonly numbers: UsedNumbers,
    private readonly customers: Customers,
    private readonly on: InputEvents,
  ) {
    this.decider = new Decider(context.partition, shared.partitions, tenants, customers);
  }

  /**
   * A handful of a micro-batch. Customers are loaded by the records' keys; a record's value is read when its turn has come, so
   * that little is alive while the store answers. Null when the partition is not ours any more.
   */
  async take(begun: MicroBatch, records: readonly LogRecord[]): Promise<MicroBatch | null> {
    const { context, shared } = this;
    const keys = records.map(({ key }) => readKey(key));
    if (!(await this.load(wanted(keys)))) return null;
    let batch = begun;
    for (const [index, record] of records.entries()) {
      const key = keys[index];
      if (key === undefined) continue;
      if (batch.isFull) {
        const next = await this.cut(batch, record, () => wanted(keys.slice(index)));
        if (next === null) return null;
        batch = next;
      }
      const input = receive(record, key, context.partition, shared.signing);
      if (input.kind === 'clock') {
        const next = await this.clock(batch, record, input, () => wanted(keys.slice(index)));
        if (next === null) return null;
        batch = next;
      } else this.evaluated += this.decide(batch, record, input);
      batch.pass(record);
      if (this.evaluated >= EVALUATIONS_PER_TURN && !(await this.yieldToEventLoop())) return null;
    }
    batch.pack();
    return batch;
  }

  /** Answers how many instants of deadlines were evaluated. */
  private decide(batch: MicroBatch, record: LogRecord, input: Exclude<Received, { kind: 'clock' }>): number {
    switch (input.kind) {
      case 'activity':
        return this.decider.activity(batch, record, input);
      case 'poison':
        this.decider.poison(batch, record, input);
        return 0;
      case 'command':
        this.command(batch, record, input);
        return 0;
    }
  }

  /** False when the partition is not ours any more. */
  private async yieldToEventLoop(): Promise<boolean> {
    this.evaluated = 0;
    await elapse(this.context.time, 0);
    return !this.context.abandoned();
  }

  /** Its number is used up also when the command makes no sense. */
  private command(batch: MicroBatch, record: LogRecord, { command, number }: Received & { kind: 'command' }): void {
    const isNew = this.numbers.commands.use(number);
    const poison = isNew ? this.tenants.obey(command, record.timestamp) : repeated;
    if (poison !== null) this.decider.poison(batch, record, poison);
    if (isNew) this.on.deadlinesChange();
  }

  /** One that is as late as those read before has no effect. What came before others is committed first. */
  private async clock(
    batch: MicroBatch,
    record: LogRecord,
    input: Received & { kind: 'clock' },
    still: () => readonly string[],
  ): Promise<MicroBatch | null> {
    const { clock, number } = input;
    if (!this.numbers.clocks.isNew(clock.scope, number)) {
      batch.outcome(clock.scope.kind === 'live' ? DEFAULT_TENANT : clock.scope.tenant, 'repeated-clock');
      if (clock.scope.kind === 'live' && this.on.clockRead(number)) this.on.deadlinesChange();
      return batch;
    }
    const next = batch.isEmpty ? batch : await this.cut(batch, record, still);
    return next !== null && (await this.fire(next, record, input)) ? next : null;
  }

  /**
   * Commits a micro-batch and begins the next one with `record`. The commit evicts the customers at hand: those `still` wanted
   * are loaded again. Null when the partition is not ours any more.
   */
  private async cut(batch: MicroBatch, record: LogRecord, still: () => readonly string[]): Promise<MicroBatch | null> {
    if (!(await this.on.commit(batch)) || !(await this.load(still()))) return null;
    return this.on.begin(record.offset);
  }

  /** Fires what a clock record lets fall due; false when the partition is not ours any more. */
  private async fire(
    batch: MicroBatch,
    record: LogRecord,
    { clock, number }: Received & { kind: 'clock' },
  ): Promise<boolean> {
    this.numbers.clocks.use(clock.scope, number);
    this.on.deadlinesChange();
    if (clock.scope.kind === 'live') this.on.clockRead(number);
    const queries = dueQueries(clock, record, this.tenants);
    if ('kind' in queries) {
      this.decider.poison(batch, record, queries);
      return true;
    }
    this.numbers.clocks.reached(clock.scope, number.processor, effectiveAt(clock, record));
    const { limits, observer } = this.shared;
    const due = await retrying('load', this.context, () => this.session.due(queries, limits.deadlinesPerClock));
    if (due === ABANDONED || !(await this.load(due.map(({ key }) => key)))) return false;
    const cause = this.decider.cause(record);
    let evaluations = 0;
    for (const { key, due: at } of due) {
      // The rest stays due, and fires with the next clock record: which are left depends on the log alone.
      if (evaluations >= limits.evaluationsPerClock) break;
      const query = queries.find(({ tenant }) => key.startsWith(`${tenant}:`));
      if (query === undefined) continue;
      evaluations += this.decider.clock(batch, cause, key as CustomerKey, query.through);
      if (clock.scope.kind === 'live') observer.deadlineLateness((query.through - at) / 1000, 1);
    }
    this.evaluated += evaluations;
    return true;
  }

  private async load(keys: readonly string[]): Promise<boolean> {
    const missing = this.customers.bring(keys);
    if (missing.length === 0) return true;
    const rows = await retrying('load', this.context, () => this.session.load(missing));
    if (rows === ABANDONED) return false;
    this.customers.loaded(missing, rows);
    return true;
  }
}

const repeated: Poison = {
  kind: 'poison',
  cause: 'repeated-command',
  detail: `the command's number was used in this partition before, or is below the last ${KEPT_NUMBERS} that it keeps: send the command anew through perennial`,
};

function wanted(keys: readonly (ReadKey | Poison)[]): string[] {
  const wanted: string[] = [];
  for (const read of keys) if (read.kind === 'key') wanted.push(read.key);
  return wanted;
}
