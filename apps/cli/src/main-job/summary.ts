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

/** The summary for people, in lines. */
export function describeSummary(summary: MainJobSummary): readonly string[] {
  const { activities, customers, deadLetters, activitiesPerSecond, stages, moves, outcomes, facts } = summary;
  const rate = activitiesPerSecond === null ? 'nothing new was sent' : `${count(activitiesPerSecond)} activities/s`;
  return [
    '',
    `${count(activities)} activities of ${count(customers)} customers, ${count(deadLetters)} dead letters; ${rate}`,
    '',
    ...bars('Stage', stages),
    '',
    ...bars('Move', moves),
    '',
    ...bars('Facts', facts),
    '',
    ...(Object.keys(outcomes).length > 0 ? [...bars('Outcome', outcomes), ''] : []),
    'Where to look next',
    '  npx perennial customer show 17850     stage, why, profile, next deadline',
    '  npx perennial watch                   facts as they come',
    '  npx perennial send 17850 "Order Completed" --total 25.00 --currency GBP',
  ];
}

const BAR = 30;

function bars(title: string, counts: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(counts).map(([name, n]) => ({ name: name.replace('>', ' → '), n }));
  const width = Math.max(title.length, ...rows.map(({ name }) => name.length));
  const most = Math.max(1, ...rows.map(({ n }) => n));
  return [
    title,
    ...rows.map(
      ({ name, n }) => `  ${name.padEnd(width)} ${count(n).padStart(7)} ${'█'.repeat(Math.ceil((n / most) * BAR))}`,
    ),
  ];
}

const count = (n: number): string => n.toLocaleString('en-GB');
