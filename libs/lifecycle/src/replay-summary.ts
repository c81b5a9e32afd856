import type { Fact } from '@perennial/contracts';

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
  /** Moves of the stage region, `from>to`, entries left out. */
  readonly moves: Readonly<Record<string, number>>;
  /** By kind of fact. */
  readonly facts: Readonly<Record<Fact['kind'], number>>;
}

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
    moves: sumByName(summaries.map(({ moves }) => moves)),
    facts: {
      'stage-changed': sum(({ facts }) => facts['stage-changed']),
      signal: sum(({ facts }) => facts.signal),
      state: sum(({ facts }) => facts.state),
    },
  };
}

function sumByName(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const counts of all) for (const [name, count] of Object.entries(counts)) increase(sums, name, count);
  return Object.fromEntries(sums);
}

export function increase(counts: Map<string, number>, name: string, by = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
