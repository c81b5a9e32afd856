/** What outlives every process: the database, the log, and everything that was ever written. */
import { type LogRecord, type OutRecord, TOPIC } from '@perennial/contracts';
import { type Bound, type Database, HOT_STATEMENTS } from '@perennial/store';
import { createInProcessLog, type Log, type LogProducer, topicSpecs } from '@perennial/stream';
import { FakeDatabase } from '../fake-database/fake-database';
import type { Chance } from './chance';
import { idOf } from './readers';
import type { Scheduler } from './scheduler';
import { EPOCH, type VirtualProcess } from './virtual-process';

/** A fact or a dead letter, in the order of writing. */
export interface Written {
  readonly record: OutRecord;
  readonly by: string;
  /** The newest epoch its process had claimed of the partition that caused it. */
  readonly epoch: number;
  readonly at: number;
}

const CLAIM = HOT_STATEMENTS.claimPartition.name;
const FENCE = HOT_STATEMENTS.advanceProgress.name;
const LONGEST_DELIVERY_MS = 5;
const LARGEST_BATCH = 12;

export class World {
  readonly database = new FakeDatabase();
  readonly log: Log;
  /** The activity topic by partition, as written. */
  readonly activity: readonly LogRecord[][];
  readonly written: Written[] = [];
  /** Commits that took effect though a newer owner had claimed the partition; none may. */
  readonly staleCommits: string[] = [];
  /** Claims of a process that did not wait for its own former session; none may be made. */
  readonly overlaps: string[] = [];
  /** By process and partition, as `name partition`. */
  private readonly epochs = new Map<string, number>();
  private readonly asked: Database;
  private readonly producer: LogProducer;
  private readonly closing = new AbortController();

  constructor(
    readonly partitions: number,
    private readonly scheduler: Scheduler,
    chance: Chance,
    /** What statements go through. */
    database: (database: FakeDatabase) => Database = (honest) => honest,
  ) {
    this.asked = database(this.database);
    this.log = createInProcessLog({
      directory: null,
      now: () => EPOCH + scheduler.now,
      schedule: (task) => scheduler.after(chance.between(0, LONGEST_DELIVERY_MS), 'the log delivers', task),
      batch: { records: chance.between(1, LARGEST_BATCH), bytes: 1 << 20 },
    });
    this.producer = this.log.producer();
    this.activity = Array.from({ length: partitions }, () => []);
  }

  async open(): Promise<void> {
    await this.log.admin().createTopics(topicSpecs('', this.partitions, 1));
    void this.log.reader().read({
      topic: TOPIC.activity,
      from: 'beginning',
      signal: this.closing.signal,
      batch: ({ partition, records }) => this.activity[partition]?.push(...records),
    });
  }

  /** Appends to the activity topic. */
  async append(records: readonly OutRecord[]): Promise<void> {
    await this.producer.send(records);
  }

  async write(records: readonly OutRecord[], by: VirtualProcess): Promise<void> {
    for (const record of records) {
      if (record.topic === TOPIC.activity) await this.append([record]);
      else this.note(record, by.name);
    }
  }

  private note(record: OutRecord, by: string): void {
    const epoch = this.epochs.get(`${by} ${idOf(record).partition}`) ?? 0;
    this.written.push({ record, by, epoch, at: this.scheduler.now });
  }

  /** The database as one process uses it; its claims are written down, and commits that should have been fenced. */
  databaseOf(process: VirtualProcess): Database {
    return {
      query: (bound) => this.asked.query(bound),
      transaction: async (all) => {
        const stale = all.map((bound) => this.staleness(bound, process)).find((what) => what !== null);
        const rows = await this.asked.transaction(all);
        if (stale != null) this.staleCommits.push(stale);
        for (const { name, values } of all) if (name === CLAIM) this.noteClaim(process, Number(values[0]));
        return rows;
      },
      cold: this.asked.cold,
      ping: () => this.asked.ping(),
      close: () => Promise.resolve(),
    };
  }

  /** What a commit is, if a newer owner has claimed the partition already. */
  private staleness({ name, values }: Bound<unknown>, { name: process }: VirtualProcess): string | null {
    const [partition, epoch, expectedOffset] = values.map(Number);
    if (name !== FENCE || partition === undefined || this.database.partition(partition).epoch === epoch) return null;
    return `${process} committed offset ${expectedOffset ?? 0} of partition ${partition}`;
  }

  private noteClaim({ name }: VirtualProcess, partition: number): void {
    this.epochs.set(`${name} ${partition}`, this.database.partition(partition).epoch);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.log.close();
  }
}
