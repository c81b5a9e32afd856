import type { EngineObserver } from '@perennial/engine';

/** Hears everything and says nothing; override what a test listens to. */
export function silentObserver(heard: Partial<EngineObserver> = {}): EngineObserver {
  const nothing = (): void => undefined;
  return {
    batch: nothing,
    outcomes: nothing,
    moves: nothing,
    facts: nothing,
    deadLetters: nothing,
    lag: nothing,
    outbox: nothing,
    deadlineLateness: nothing,
    clockAppended: nothing,
    claimed: nothing,
    released: nothing,
    deadlinesArmed: nothing,
    fenced: nothing,
    parked: nothing,
    forwarded: nothing,
    republished: nothing,
    nextDeadline: nothing,
    retrying: nothing,
    recovered: nothing,
    stopped: nothing,
    ...heard,
  };
}
