import { type Figure, isMet, median, type PartResult } from './figure';

const HEAD = ['', 'median', 'least', 'most', '', 'goal'] as const;

/** The result for people. */
export function describe(results: readonly PartResult[]): string {
  return results.map(describePart).join('\n\n');
}

function describePart({ part, figures, notes, wrong }: PartResult): string {
  const rows = [HEAD, ...figures.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => aligned(cell, at, widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    part.toUpperCase(),
    ...lines,
    ...notes.map((note) => `- ${note}`),
    ...wrong.map((line) => `WRONG: ${line}`),
  ].join('\n');
}

const aligned = (cell: string, column: number, width: number): string =>
  column === 0 || column >= 4 ? cell.padEnd(width) : cell.padStart(width);

function rowOf(measured: Figure): string[] {
  const { name, unit, values } = measured;
  const spread =
    values.length === 0 ? ['-', '-', '-'] : [median(values), Math.min(...values), Math.max(...values)].map(shown);
  return [name, ...spread, unit, goalOf(measured)];
}

export function goalOf(measured: Figure): string {
  const { goal } = measured;
  if (goal === undefined) return '';
  return `${goal.kind} ${shown(goal.value)}: ${isMet(measured) === true ? 'met' : 'missed'}`;
}

/** Three digits or more. */
export function shown(value: number): string {
  if (Number.isNaN(value)) return '-';
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-GB', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
