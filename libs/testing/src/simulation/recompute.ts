/** The oracle: a partition's log as written, read once more, record by record, by one owner to whom nothing ever happens. */
import { type LogRecord, type OutRecord, written } from '@perennial/contracts';
import { Engine, type Plans } from '@perennial/engine';
import { aBatch } from '../engine-run';
import { inMemoryStore, type StoredPartition } from '../in-memory-store';
import { silentObserver } from '../silent-observer';
import { KEY } from './installation-key';

export interface Recomputed {
  /** Facts, dead letters and forwarded activities, in order. */
  readonly records: readonly OutRecord[];
  readonly stored: Readonly<StoredPartition> | undefined;
}

export interface Recomputing {
  readonly partitions: number;
  readonly plans: Plans;
  /** The one limit that is part of the log's meaning. */
  readonly deadlinesPerClock: number;
}

export async function recompute(
  partition: number,
  log: readonly LogRecord[],
  { partitions, plans, deadlinesPerClock }: Recomputing,
): Promise<Recomputed> {
  const records: OutRecord[] = [];
  const store = inMemoryStore();
  let passed = 0;
  const end = new Promise<void>((resolve, reject) => {
    const engine = new Engine({
      owner: 'oracle',
      key: KEY,
      partitions,
      plans,
      store,
      limits: { batchRecords: 1, cachedBytes: 0, deadlinesPerClock },
      flow: { pause: () => undefined, resume: () => undefined, seek: () => undefined },
      // Time stands still: nothing here may depend on it, and no clock record is appended.
      time: { now: () => 0, monotonic: () => 0, after: () => () => undefined },
      publisher: {
        publish: (some) => {
          records.push(...some.map(written));
          return Promise.resolve();
        },
      },
      observer: silentObserver({
        batch: () => {
          passed += 1;
          if (passed === log.length) engine.stop().then(resolve, reject);
        },
        stopped: (_, reason) => {
          reject(new Error(`the oracle stopped: ${reason}`));
        },
      }),
    });
    void engine.claim([partition]).then(() => {
      engine.receive(aBatch(partition, log));
    });
  });
  if (log.length > 0) await end;
  return { records, stored: store.partitions.get(partition) };
}
