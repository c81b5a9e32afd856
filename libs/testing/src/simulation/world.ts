/** What outlives every process: the database, the log, and everything that was ever written. */
import { type LogRecord, type OutRecord, TOPIC } from '@perennial/contracts';
import type { EngineStore } from '@perennial/engine';
import { createInProcessLog, type Log, type LogProducer, topicSpecs } from '@perennial/stream';
import { inMemoryStore, type InMemoryStore } from '../in-memory-store';
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

const LONGEST_DELIVERY_MS = 5;
const LARGEST_BATCH = 12;

export class World {
  readonly store: InMemoryStore = inMemoryStore();
  readonly log: Log;
  /** The activity topic by partition, as written. */
  readonly activity: readonly LogRecord[][];
  readonly written: Written[] = [];
  /** Commits that took effect though a newer owner had claimed the partition; none may. */
  readonly staleCommits: string[] = [];
  /** By process and partition, as `name partition`. */
  private readonly epochs = new Map<string, number>();
  private readonly database: EngineStore;
  private readonly producer: LogProducer;
  private readonly closing = new AbortController();

  constructor(
    readonly partitions: number,
    private readonly scheduler: Scheduler,
    chance: Chance,
    /** What claims, commits and the rest go through. */
    database: (store: InMemoryStore) => EngineStore = (store) => store,
  ) {
    this.database = database(this.store);
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

  /** The store as one process uses it, its claims written down. */
  storeOf(process: VirtualProcess): EngineStore {
    return {
      ...this.database,
      claim: async (partition, owner) => {
        const claim = await this.database.claim(partition, owner);
        this.epochs.set(`${process.name} ${partition}`, claim.epoch);
        return claim;
      },
      commit: async (commit) => {
        const { partition, epoch, expectedOffset } = commit;
        const owner = this.store.partitions.get(partition)?.epoch;
        const result = await this.database.commit(commit);
        if (result === 'committed' && owner !== epoch)
          this.staleCommits.push(`${process.name} committed offset ${expectedOffset} of partition ${partition}`);
        return result;
      },
    };
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.log.close();
  }
}
