/** What an engine shows of itself beside its metrics: log lines, and health. */
import type { EngineObserver } from '@perennial/engine';
import type { Dependencies } from '@perennial/host';
import { type EngineMetrics, HEALTHY, type Health } from '@perennial/observability';
import type { CheckpointObserver } from '@perennial/store';
import { errorText } from '@perennial/values';
import type { Logger } from 'pino';

/** What operators read in the log: ownership, trouble and its end. Counts are left to the metrics. */
export function logEngine(logger: Logger): Partial<EngineObserver> {
  return {
    claimed: (partition) => {
      logger.info({ partition }, 'partition claimed');
    },
    released: (partition) => {
      logger.info({ partition }, 'partition released');
    },
    fenced: (partition) => {
      logger.warn({ partition }, 'commit fenced: another owner has the partition');
    },
    parked: (partition, count) => {
      logger.error(
        { partition, count },
        'customers parked: more than 100 moves or 10,000 instants of deadlines on one input; check the definition for loops',
      );
    },
    retrying: (what, partition, error) => {
      logger.warn({ partition, what, reason: error.message }, 'trying again');
    },
    recovered: (what, partition) => {
      logger.info({ partition, what }, 'back again, or not needed any more');
    },
    stopped: (partition, reason) => {
      logger.fatal({ partition, reason }, 'partition stands still and needs an operator');
    },
  };
}

/** Meters checkpoints; logs why one failed. */
export function watchCheckpoints(metrics: EngineMetrics, logger: Logger): CheckpointObserver {
  return {
    checkpointed: ({ customers, seconds }) => {
      metrics.checkpoints.observe(seconds);
      metrics.checkpointRows.inc(customers);
    },
    checkpointFailed: (partition, error) => {
      metrics.checkpointFailures.inc();
      logger.warn(
        { partition, reason: errorText(error) },
        'checkpoint failed: rows of customers stay behind until one succeeds',
      );
    },
  };
}

/** Hears what the engine says of its partitions, and says whether they are well. */
export interface PartitionWatch {
  readonly observer: Pick<EngineObserver, 'retrying' | 'recovered' | 'stopped' | 'released' | 'claimed'>;
  /** Check: a partition has been assigned. */
  readonly assigned: () => Health;
  /** Check: no partition stands still. */
  readonly running: () => Health;
}

/** Health of partitions: what they wait for is a dependency that is unavailable. */
export function watchPartitions(dependencies: Dependencies): PartitionWatch {
  const stopped = new Map<number, string>();
  let claimed = false;
  return {
    observer: {
      retrying: (what, partition, error) => {
        dependencies.lost(`${what} of partition ${partition}`, error.message);
      },
      recovered: (what, partition) => {
        dependencies.found(`${what} of partition ${partition}`);
      },
      stopped: (partition, reason) => stopped.set(partition, `partition ${partition} stands still: ${reason}`),
      released: (partition) => {
        stopped.delete(partition);
        for (const name of dependencies.unavailable)
          if (name.endsWith(` of partition ${partition}`)) dependencies.found(name);
      },
      claimed: (partition) => {
        claimed = true;
        stopped.delete(partition);
      },
    },
    assigned: () => (claimed ? HEALTHY : { ok: false, reason: 'no partition is assigned yet' }),
    running: () => {
      const [reason] = stopped.values();
      return reason === undefined ? HEALTHY : { ok: false, reason };
    },
  };
}

/** One observer of many; each hears everything it listens to. */
export function together(first: EngineObserver, ...others: readonly Partial<EngineObserver>[]): EngineObserver {
  const all: readonly Partial<EngineObserver>[] = [first, ...others];
  const tell =
    (name: keyof EngineObserver) =>
    (...details: never[]): void => {
      for (const observer of all)
        (observer[name] as ((...heard: never[]) => void) | undefined)?.apply(observer, details);
    };
  return {
    batch: tell('batch'),
    outcomes: tell('outcomes'),
    moves: tell('moves'),
    facts: tell('facts'),
    deadLetters: tell('deadLetters'),
    lag: tell('lag'),
    outbox: tell('outbox'),
    deadlinesArmed: tell('deadlinesArmed'),
    deadlineLateness: tell('deadlineLateness'),
    clockAppended: tell('clockAppended'),
    claimed: tell('claimed'),
    released: tell('released'),
    fenced: tell('fenced'),
    parked: tell('parked'),
    forwarded: tell('forwarded'),
    republished: tell('republished'),
    nextDeadline: tell('nextDeadline'),
    retrying: tell('retrying'),
    recovered: tell('recovered'),
    stopped: tell('stopped'),
  };
}
