/**
 * A database in memory, which answers the hot statements of the engine's store by name. A transaction happens at one instant:
 * all of it, or nothing.
 *
 * It stands behind the same contract as PostgreSQL: the contract suite and the model test of the store run over both.
 */
import { InvariantViolation, RetryableError } from '@perennial/values';
import { type Bound, type ColdTables, type Database, HOT_STATEMENTS, type RowsOf } from '@perennial/store';
import { ANSWERS } from './answers';
import { PartitionTables } from './tables';
import { Transaction } from './transaction';

/** `before`: fails and has no effect. `after`: takes effect, and the answer is lost. Both throw `RetryableError`. */
export type DatabaseFault = 'none' | 'before' | 'after';

type Answer = (transaction: Transaction, ...values: readonly unknown[]) => readonly unknown[];

/** By the name that the server would know. */
const BY_NAME: ReadonlyMap<string, Answer> = new Map(
  Object.entries(HOT_STATEMENTS).map(([name, statement]) => [
    statement.name,
    ANSWERS[name as keyof typeof ANSWERS] as Answer,
  ]),
);

export class FakeDatabase implements Database {
  /** It holds the tables of the engine only. */
  readonly cold: ColdTables = { table: noColdTables, transaction: noColdTables, close: () => Promise.resolve() };
  private readonly stored = new Map<number, PartitionTables>();

  /** `fault` is asked before each call, with the name of its first statement. */
  constructor(private readonly fault: (statement: string) => DatabaseFault = () => 'none') {}

  /** What is stored of a partition, for assertions. */
  partition(partition: number): PartitionTables {
    return this.stored.get(partition) ?? new PartitionTables();
  }

  get partitions(): ReadonlyMap<number, PartitionTables> {
    return this.stored;
  }

  async query<Row>(bound: Bound<Row>): Promise<readonly Row[]> {
    const [rows = []] = await this.run([bound]);
    return rows as readonly Row[];
  }

  async transaction<const All extends readonly Bound<unknown>[]>(all: All): Promise<RowsOf<All>> {
    return (await this.run(all)) as RowsOf<All>;
  }

  ping(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async run(all: readonly Bound<unknown>[]): Promise<readonly (readonly unknown[])[]> {
    const name = all[0]?.name ?? '';
    const fault = this.fault(name);
    if (fault === 'before') throw lost(name, 'and did nothing');
    const rows = await Promise.resolve(this.effect(all));
    if (fault === 'after') throw lost(name, 'after it took effect');
    return rows;
  }

  private effect(all: readonly Bound<unknown>[]): readonly (readonly unknown[])[] {
    const transaction = new Transaction(this.stored);
    try {
      return all.map(({ name, values }) => answerOf(name)(transaction, ...values));
    } catch (error) {
      transaction.rollback();
      throw error;
    }
  }
}

function answerOf(name: string): Answer {
  const answer = BY_NAME.get(name);
  if (answer !== undefined) return answer;
  throw new InvariantViolation('TESTING.NO_ANSWER', `The fake database has no answer to the statement ${name}.`);
}

function noColdTables(): Promise<never> {
  const message = 'The fake database has no cold tables: use PostgreSQL.';
  return Promise.reject(new InvariantViolation('TESTING.NO_COLD_TABLES', message));
}

const lost = (statement: string, when: string): RetryableError =>
  new RetryableError('STORE.UNREACHABLE', `The fake database was told to fail: ${statement} failed ${when}.`);
