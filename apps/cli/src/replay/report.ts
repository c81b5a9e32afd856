import { formatInstant, TOPIC } from '@perennial/contracts';
import type { CompiledDefinition } from '@perennial/definition';
import { summaryOf } from '../main-job/summary';
import type { MainJobSummary } from '../main-job/summary';
import type { Replayed } from './run-replay';

/** What became of a history, as the main job says it. */
export function reportOf(
  { summary, read }: Replayed,
  definition: CompiledDefinition,
  milliseconds: number,
): MainJobSummary {
  const { activities, refused, customers, stages, moves, facts } = summary;
  const totals = {
    activities,
    customers,
    stages,
    moves,
    deadLetters: refused,
    facts: { [TOPIC.stageChanged]: facts['stage-changed'], [TOPIC.signal]: facts.signal, [TOPIC.state]: facts.state },
  };
  const rate = read === 0 ? null : Math.round((read / milliseconds) * 1000);
  return summaryOf(totals, Object.keys(definition.regions[0].machine.states), rate);
}

/** The report for people. */
export function describeReport(report: MainJobSummary, { summary, until, leftOut }: Replayed): string {
  const { activities, customers, activitiesPerSecond, deadLetters } = report;
  const { ignored } = summary;
  const rate = activitiesPerSecond === null ? '' : ` (${count(activitiesPerSecond)} activities/s)`;
  const clock = until === null ? '' : `, clock at ${formatInstant(until)}`;
  return [
    `${count(activities)} activities of ${count(customers)} customers${clock}${rate}`,
    ...(ignored > 0 ? [`${count(ignored)} more match no row of the definition's activity and were ignored`] : []),
    ...(leftOut > 0 ? [`${count(leftOut)} more are later than the clock and were left out`] : []),
    ...(deadLetters > 0 ? [`${count(deadLetters)} more have an amount out of range and were refused`] : []),
    ...table('Stage', 'customers', report.stages),
    ...table('Move', 'times', report.moves),
    ...table('Facts', 'count', report.facts),
  ].join('\n');
}

function table(title: string, unit: string, counts: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(counts).map(([name, n]) => [name.replace('>', ' → '), count(n)] as const);
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([name]) => name.length), title.length);
  const numbers = Math.max(...rows.map(([, n]) => n.length), unit.length);
  const line = (name: string, n: string): string => `${name.padEnd(width)}  ${n.padStart(numbers)}`;
  return ['', line(title, unit), ...rows.map(([name, n]) => line(name, n))];
}

function count(n: number): string {
  return n.toLocaleString('en-GB');
}
