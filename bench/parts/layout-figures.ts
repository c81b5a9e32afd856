/** What the runs of layout say. */
import { type Figure, figure } from '../report/figure';

/** What it took to write all states. */
export interface Cost {
  /** Until all rows are up to date. */
  readonly seconds: number;
  readonly durableSeconds: number;
  readonly databaseCpuSeconds: number;
  readonly clientCpuSeconds: number;
  readonly walBytes: number;
}

/** What one layout did with all states. */
export interface Written extends Cost {
  readonly layout: string;
  readonly states: number;
  readonly rows: number;
  /** Sum over all customers in the end. */
  readonly versions: number;
}

type Column = readonly [what: string, unit: string, of: (written: Written) => number];

const COLUMNS: readonly Column[] = [
  ['states', '1/s', ({ states, seconds }) => states / seconds],
  ['states, durable', '1/s', ({ states, durableSeconds }) => states / durableSeconds],
  ['database, processor time per 1,000 states', 'ms', (run) => (run.databaseCpuSeconds / run.states) * 1e6],
  ['client, processor time per 1,000 states', 'ms', (run) => (run.clientCpuSeconds / run.states) * 1e6],
  ['rows written per 1,000 states', 'rows', ({ rows, states }) => (rows / states) * 1_000],
  ['WAL per state', 'bytes', ({ walBytes, states }) => walBytes / states],
];

export function layoutFigures(
  name: string,
  layouts: readonly { readonly name: string }[],
  runs: readonly Written[],
): Figure[] {
  return layouts.flatMap((layout) => {
    const mine = runs.filter((run) => run.layout === layout.name);
    return COLUMNS.map(([what, unit, of]) => figure(`${name}: ${layout.name}, ${what}`, unit, mine.map(of)));
  });
}
