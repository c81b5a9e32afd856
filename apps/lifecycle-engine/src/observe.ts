import type { EngineObserver } from '@perennial/engine';
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
