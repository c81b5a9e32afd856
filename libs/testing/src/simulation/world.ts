/** What outlives every process: the database, the log, and everything that was ever written. */
import { type LogRecord, type OutRecord, TOPIC } from '@perennial/contracts';
import type { EngineStore } from '@perennial/engine';
import { createInProcessLog, type Log, type LogProducer, topicSpecs } from '@perennial/stream';
import { inMemoryStore, type InMemoryStore } from '../in-memory-store';
import type { Chance } from './chance';
import type { Scheduler } from './scheduler';
import { EPOCH, type VirtualProcess } from './virtual-process';

/** A fact or a dead letter, in the order of writing. */
export interface Written {
  readonly record: OutRecord;
  readonly by: VirtualProcess;
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
  /** The newest epoch of each process and partition, as `name partition`. */
  readonly epochs = new Map<string, number>();
  private readonly producer: LogProducer;
  private readonly closing = new AbortController();

  constructor(
    readonly partitions: number,
    private readonly scheduler: Scheduler,
    chance: Chance,
  ) {
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
      else this.written.push({ record, by, at: this.scheduler.now });
    }
  }

  /** The store as one process uses it, its claims written down. */
  storeOf(process: VirtualProcess): EngineStore {
    return {
      ...this.store,
      claim: async (partition, owner) => {
        const claim = await this.store.claim(partition, owner);
        this.epochs.set(`${process.name} ${partition}`, claim.epoch);
        return claim;
      },
    };
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.log.close();
  }
}
