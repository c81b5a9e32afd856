import { TOPIC } from '@perennial/contracts';
import { formatInstant } from '@perennial/values';
import type { CompiledDefinition } from '@perennial/definition';
import type { ViewCounts } from '@perennial/lifecycle';
import { inOrder, type MainJobSummary, summaryOf } from '../main-job/summary';
import type { Replayed } from './run-replay';

/** The main job's result, and what only a replay knows. Names that stand at 0 are left out. */
interface ReplayReport extends MainJobSummary {
  /** Customers by view and label, all labels in the order of the definition; null: no stage has the label, so it is not observed. */
  readonly views: Readonly<Record<string, ViewCounts>>;
  /** Dead letters, were the activities in the log, by cause. */
  readonly deadLetterCauses: Readonly<Record<string, number>>;
  /** Amounts that were left out of activities in effect, by the reason. */
  readonly amountsLeftOut: Readonly<Record<string, number>>;
  /** Customers that moved too often at one input, and move no more. */
  readonly parkedCustomers: number;
}

/** Outcomes that the engine counts under another name. */
const NAMES: Readonly<Record<string, string>> = { ignored: 'uncatalogued', duplicate: 'duplicates' };
/** In effect without further ado: no outcome to tell of. */
const PLAIN = 'taken';
/** A dead letter of this cause, were it in the log. */
const REFUSED = { outcome: 'refused', cause: 'amount-out-of-range' };

/** What became of a history, as the main job says it. */
export function reportOf(
  { summary, read, leftOut }: Replayed,
  definition: CompiledDefinition,
  milliseconds: number,
): ReplayReport {
  const { activities, customers, stages, views, moves, facts, parked, amountsLeftOut } = summary;
  const refused = summary.outcomes[REFUSED.outcome] ?? 0;
  const totals = {
    activities,
    customers,
    stages,
    moves,
    deadLetters: refused,
    outcomes: { ...outcomesOf(summary.outcomes), 'amount-left-out': sum(amountsLeftOut), 'after-clock': leftOut },
    facts: { [TOPIC.stageChanged]: facts['stage-changed'], [TOPIC.signal]: facts.signal, [TOPIC.state]: facts.state },
  };
  const rate = read === 0 ? null : Math.round((read / milliseconds) * 1000);
  return {
    ...summaryOf(totals, Object.keys(definition.regions[0].machine.states), rate),
    views,
    deadLetterCauses: refused === 0 ? {} : { [REFUSED.cause]: refused },
    amountsLeftOut: inOrder(amountsLeftOut, Object.keys(amountsLeftOut).sort()),
    parkedCustomers: parked,
  };
}

function outcomesOf(outcomes: Readonly<Record<string, number>>): Record<string, number> {
  const told = Object.entries(outcomes).filter(([name]) => name !== PLAIN && name !== REFUSED.outcome);
  return Object.fromEntries(told.map(([name, n]) => [NAMES[name] ?? name, n]));
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((all, n) => all + n, 0);

/** The report for people, in lines. */
export function describeReport(report: ReplayReport, { until }: Pick<Replayed, 'until'>): readonly string[] {
  const { activities, customers, activitiesPerSecond, parkedCustomers } = report;
  const rate = activitiesPerSecond === null ? '' : ` (${count(activitiesPerSecond)} activities/s)`;
  const clock = until === null ? '' : `, clock at ${formatInstant(until)}`;
  return [
    `${count(activities)} activities of ${count(customers)} customers${clock}${rate}`,
    ...(parkedCustomers > 0 ? [`${count(parkedCustomers)} customers moved too often at one input and are parked`] : []),
    ...table('Stage', 'customers', report.stages),
    ...(customers === 0 ? [] : viewTables(report.views)),
    ...table('Move', 'times', report.moves),
    ...table('Outcome', 'activities', report.outcomes),
    ...table('Amount left out', 'activities', report.amountsLeftOut),
    ...table('Dead letter', 'activities', report.deadLetterCauses),
    ...table('Facts', 'count', report.facts),
  ];
}

function viewTables(views: ReplayReport['views']): string[] {
  return Object.entries(views).flatMap(([name, counts]) => table(name, 'customers', counts));
}

/** What a view says of a label that no stage has. */
export const NOT_OBSERVED = 'not observed';

function table(title: string, unit: string, counts: ViewCounts): string[] {
  const rows = Object.entries(counts).map(
    ([name, n]) => [name.replace('>', ' → '), n === null ? NOT_OBSERVED : count(n)] as const,
  );
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([name]) => name.length), title.length);
  const numbers = Math.max(...rows.map(([, n]) => n.length), unit.length);
  const line = (name: string, n: string): string => `${name.padEnd(width)}  ${n.padStart(numbers)}`;
  return ['', line(title, unit), ...rows.map(([name, n]) => line(name, n))];
}

function count(n: number): string {
  return n.toLocaleString('en-GB');
}
