import type { Summary } from '@perennial/store';

/** The main job's result: totals from the store. */
export interface MainJobSummary extends Summary {
  /** Null when nothing was sent. */
  readonly activitiesPerSecond: number | null;
}

/** With the keys in the order that is documented, and stages in the order of the definition. */
export function summaryOf(
  totals: Summary,
  stages: readonly string[],
  activitiesPerSecond: number | null,
): MainJobSummary {
  const { activities, customers, deadLetters, outcomes, facts } = totals;
  const pairs = stages.flatMap((from) => stages.map((to) => `${from}>${to}`));
  return {
    activities,
    customers,
    stages: inOrder(totals.stages, stages),
    moves: inOrder(totals.moves, pairs),
    deadLetters,
    outcomes: inOrder(outcomes, Object.keys(outcomes).sort()),
    facts: inOrder(facts, Object.keys(facts).sort()),
    activitiesPerSecond,
  };
}

export function inOrder(counts: Readonly<Record<string, number>>, order: readonly string[]): Record<string, number> {
  return Object.fromEntries(order.flatMap((name) => (counts[name] ? [[name, counts[name]] as const] : [])));
}
