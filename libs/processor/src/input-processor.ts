/**
 * The inputs of a partition, chunk by chunk, in log order: resolve → receive → handle. A chunk is cut where the micro-batch must be
 * committed first, and goes on with the next one.
 *
 * Invariants
 * 1. Before a clock record that fires, everything that came before it in the log is committed: the store knows all deadlines.
 * 2. An input begins no micro-batch that is full.
 */
import { type LogRecord, type Poison, readKey, type ReadKey } from '@perennial/contracts';
import type { Batch, Handler, ServiceTypes } from './handler';
import type { PartitionSession } from './ports';
import { ABANDONED, elapse, type RetryContext, retrying } from './retry';
import type { WorkingSet } from './working-set';

/**
 * Evaluations, of however many customers, after which the processor yields to the event loop: some 50 ms. The micro-batch goes on
 * afterwards, so no fact depends on it.
 */
const EVALUATIONS_PER_YIELD = 5_000;

/** What inputs are handled by, and where their customers come from. */
export interface InputParts<S extends ServiceTypes> {
  readonly handler: Handler<S>;
  readonly customers: WorkingSet<S['State']>;
  readonly session: PartitionSession<S['Held'], S['Change']>;
  readonly context: RetryContext;
}

/** `done`: every record was dealt with. `cut`: the micro-batch is to be committed first. `abandoned`: the partition is not ours any more. */
export type Progress = 'done' | 'cut' | 'abandoned';

/** The inputs of one claim. `begin` gives it a chunk, `advance` handles it; after `cut` the worker commits and calls `advance` again. */
export class InputProcessor<S extends ServiceTypes> {
  private records: readonly LogRecord[] = [];
  /** Customers are loaded by these; a value is read when its record is handled, so that little is alive while the store answers. */
  private keys: readonly (ReadKey | Poison)[] = [];
  private next = 0;
  /** Evaluations since the last yield to the event loop. */
  private evaluated = 0;

  constructor(private readonly parts: InputParts<S>) {}

  /** The next chunk; the former one is done. */
  begin(records: readonly LogRecord[]): void {
    this.records = records;
    this.keys = records.map(({ key }) => readKey(key));
    this.next = 0;
  }

  /** Handles inputs of the chunk until it is done or the micro-batch must be committed first. */
  async advance(batch: Batch<S>): Promise<Progress> {
    const { handler } = this.parts;
    if (!(await this.resolve(this.keysLeft()))) return 'abandoned';
    for (; this.next < this.records.length; this.next++) {
      const record = this.records[this.next];
      const key = this.keys[this.next];
      if (record === undefined || key === undefined) continue;
      if (batch.isFull) return 'cut';
      const input = handler.receive(record, key);
      if (isClock<S>(input)) {
        if (!batch.isEmpty) return 'cut';
        if (!(await this.fire(batch, record, input))) return 'abandoned';
      } else this.evaluated += handler.handle(batch, record, input);
      batch.pass(record);
      if (this.evaluated >= EVALUATIONS_PER_YIELD && !(await this.yieldToEventLoop())) return 'abandoned';
    }
    batch.serialize();
    return 'done';
  }

  /** Fires what a clock record lets fall due; false when the partition is not ours any more. */
  private async fire(batch: Batch<S>, record: LogRecord, clock: S['Clock']): Promise<boolean> {
    const { handler, session, context } = this.parts;
    const request = handler.due(batch, record, clock);
    if (request === null) return true;
    const due = await retrying('load', context, () => session.due(request.queries, request.limit));
    if (due === ABANDONED || !(await this.resolve(due.map(({ key }) => key)))) return false;
    this.evaluated += handler.fire(batch, record, clock, due);
    return true;
  }

  /** Brings customers into the working set; false when the partition is not ours any more. */
  private async resolve(keys: readonly string[]): Promise<boolean> {
    const { customers, session, context } = this.parts;
    const missing = customers.resolve(keys);
    if (missing.length === 0) return true;
    const rows = await retrying('load', context, () => session.load(missing));
    if (rows === ABANDONED) return false;
    customers.put(missing, rows);
    return true;
  }

  private keysLeft(): string[] {
    const left: string[] = [];
    for (let index = this.next; index < this.keys.length; index++) {
      const key = this.keys[index];
      if (key?.kind === 'key') left.push(key.key);
    }
    return left;
  }

  private async yieldToEventLoop(): Promise<boolean> {
    this.evaluated = 0;
    const { time, abandoned } = this.parts.context;
    await elapse(time, 0);
    return !abandoned();
  }
}

const isClock = <S extends ServiceTypes>(input: S['Input'] | S['Clock']): input is S['Clock'] => input.kind === 'clock';
