import type { Fact } from '@perennial/contracts';
import { labelOf, type Views } from '@perennial/definition';
import { activeStates } from './state-path';
import type { Configuration } from './statechart';

export interface ReplaySummary {
  /** In effect, however. */
  readonly activities: number;
  /** What became of every activity. Names that stand at 0 are left out, here and below. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Amounts that were left out of activities in effect, by the reason. */
  readonly amountsLeftOut: Readonly<Record<string, number>>;
  readonly customers: number;
  /** Customers that moved too often at one input, and move no more. */
  readonly parked: number;
  readonly stages: Readonly<Record<string, number>>;
  /** Customers by view and label, those at 0 included, in the order of the definition. */
  readonly views: Readonly<Record<string, ViewCounts>>;
  /** Moves of the stage region, `from>to`, entries left out. */
  readonly moves: Readonly<Record<string, number>>;
  /** By kind of fact. */
  readonly facts: Readonly<Record<Fact['kind'], number>>;
}

/** label → customers; null for a label that no state has: what it stands for is not observed. */
export type ViewCounts = Readonly<Record<string, number | null>>;

/** Of replays of different customers, the summary of all. */
export function sumOf(summaries: readonly ReplaySummary[]): ReplaySummary {
  const sum = (count: (summary: ReplaySummary) => number): number =>
    summaries.reduce((total, summary) => total + count(summary), 0);
  return {
    activities: sum(({ activities }) => activities),
    outcomes: sumByName(summaries.map(({ outcomes }) => outcomes)),
    amountsLeftOut: sumByName(summaries.map(({ amountsLeftOut }) => amountsLeftOut)),
    customers: sum(({ customers }) => customers),
    parked: sum(({ parked }) => parked),
    stages: sumByName(summaries.map(({ stages }) => stages)),
    views: sumOfViews(summaries.map(({ views }) => views)),
    moves: sumByName(summaries.map(({ moves }) => moves)),
    facts: {
      'stage-changed': sum(({ facts }) => facts['stage-changed']),
      signal: sum(({ facts }) => facts.signal),
      state: sum(({ facts }) => facts.state),
    },
  };
}

/** All are of one definition, so each has all views and labels. */
function sumOfViews(all: readonly ReplaySummary['views'][]): ReplaySummary['views'] {
  const [first = {}] = all;
  return Object.fromEntries(
    Object.entries(first).map(([view, labels]) => {
      const sums = Object.entries(labels).map(([label, count]) => {
        const sum = all.reduce((total, views) => total + (views[view]?.[label] ?? 0), 0);
        return [label, count === null ? null : sum] as const;
      });
      return [view, Object.fromEntries(sums)];
    }),
  );
}

function sumByName(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const counts of all) for (const [name, count] of Object.entries(counts)) increase(sums, name, count);
  return Object.fromEntries(sums);
}

export function increase<K>(counts: Map<K, number>, key: K, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** Of customers counted by where they stand in the stage region: how many have each label of each view. */
export function viewCounts(
  views: Views,
  standing: ReadonlyMap<Configuration, number>,
): Readonly<Record<string, ViewCounts>> {
  const counted = Object.entries(views).map(([name, view]) => {
    const customers = new Map<string, number>();
    for (const [configuration, count] of standing)
      increase(customers, labelOf(view, activeStates(configuration)), count);
    const labels = Object.entries(view).map(([label, states]) => {
      return [label, states.length === 0 ? null : (customers.get(label) ?? 0)] as const;
    });
    return [name, Object.fromEntries(labels)] as const;
  });
  return Object.fromEntries(counted);
}
