/** What a seed decides once for a whole run: how small everything is, and how bad. */
import type { Limits } from '@perennial/engine';
import type { LeaseTimes } from '@perennial/processor';
import type { EngineStoreOptions } from '@perennial/store';
import type { Chance } from './chance';
import type { CrashOdds } from './crash-plan';
import type { Link } from './network';

export interface Settings {
  readonly partitions: number;
  readonly instances: number;
  readonly limits: Limits;
  readonly lease: LeaseTimes;
  readonly store: Pick<EngineStoreOptions, 'limits' | 'attempts' | 'firstWaitMs'>;
  /** After so long without a sign of life a member is put out of its group, in ms. */
  readonly sessionMs: number;
  readonly links: { readonly store: Link; readonly log: Link };
  readonly crash: CrashOdds;
  /** Faults end, in virtual ms. */
  readonly calmAt: number;
  /** Kills, freezes, rebalances and the like until then. */
  readonly incidents: number;
  /** Wall clocks are off by up to so much, in ms. */
  readonly skew: number;
}

export function settingsOf(chance: Chance): Settings {
  const link = (): Link => ({
    slowness: chance.pick([2, 10, 60]),
    trouble: chance.pick([0, 0.02, 0.1]),
    away: 0,
    slow: 0,
  });
  return {
    partitions: chance.between(2, 3),
    instances: 2,
    limits: {
      batchRecords: chance.pick([1, 3, 8, 50]),
      chunkRecords: chance.pick([1, 3, 20]),
      queueRecords: chance.pick([2, 10, 100]),
      queueBytes: 3_000,
      cachedBytes: chance.pick([0, 3_000, 1_000_000]),
      unpublishedBatches: chance.between(0, 3),
      flushAfterMs: 250,
      publishRecords: chance.pick([1, 2, 5, 100]),
      batchBytes: chance.pick([500, 5_000, 1_000_000]),
      unpublishedBytes: chance.pick([0, 5_000, 1_000_000]),
      publishBytes: chance.pick([1_000, 5_000, 1_000_000]),
      deadlinesPerClock: chance.pick([1, 3, 100]),
      evaluationsPerClock: 10_000,
    },
    lease: { leaseMs: 300, requestTimeoutMs: 200 },
    store: {
      limits: { logBytes: chance.pick([0, 500, 1_000_000]), rowsBehindMs: chance.pick([100, 1_000, 30_000]) },
      attempts: chance.between(1, 3),
      firstWaitMs: 20,
    },
    sessionMs: 600,
    links: { store: link(), log: link() },
    crash: {
      kill: chance.pick([0, 0.005, 0.02]),
      freeze: chance.pick([0, 0.005, 0.02]),
      hold: chance.pick([0, 0.1, 0.5]),
    },
    calmAt: 4_000,
    incidents: chance.between(0, 10),
    skew: chance.pick([0, 500, 3_000]),
  };
}
