/** The oracle: a partition's log as written, read once more, record by record, by one owner to whom nothing ever happens. */
import { type LogRecord, type OutRecord, written } from '@perennial/contracts';
import { createEngine, type Plans } from '@perennial/engine';
import { aBatch } from '../engine-run';
import { FakeDatabase } from '../fake-database/fake-database';
import { fakeStore } from '../fake-database/fake-store';
import type { PartitionTables } from '../fake-database/tables';
import { silentObserver } from '../silent-observer';
import { KEY } from './installation-key';

export interface Recomputed {
  /** Facts, dead letters and forwarded activities, in order. */
  readonly records: readonly OutRecord[];
  readonly stored: PartitionTables;
}

export interface Recomputing {
  readonly partitions: number;
  readonly plans: Plans;
  /** Part of the log's meaning, as `evaluationsPerClock` is, which stays the default here. */
  readonly deadlinesPerClock: number;
}

export async function recompute(
  partition: number,
  log: readonly LogRecord[],
  { partitions, plans, deadlinesPerClock }: Recomputing,
): Promise<Recomputed> {
  const records: OutRecord[] = [];
  const database = new FakeDatabase();
  let passed = 0;
  const end = new Promise<void>((resolve, reject) => {
    const engine = createEngine({
      owner: 'oracle',
      key: KEY,
      partitions,
      plans,
      store: fakeStore(database),
      limits: { batchRecords: 1, cachedBytes: 0, deadlinesPerClock },
      flow: { pause: () => undefined, resume: () => undefined, seek: () => undefined, halt: () => undefined },
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
  return { records, stored: database.partition(partition) };
}
