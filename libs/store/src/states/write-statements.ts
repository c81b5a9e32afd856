import type { StateRow } from '@perennial/processor';
import { writeStates } from '../sql/write-states';
import { bind, type Bound } from '../statement';

/** Brings the rows of these customers up to date; no key twice. */
export function writeStatements(partition: number, states: readonly StateRow[]): readonly Bound<unknown>[] {
  const rows = states.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const starts: number[] = [];
  let start = 1;
  for (const { packed } of rows) {
    starts.push(start);
    start += packed.length;
  }
  return [
    bind(
      writeStates,
      partition,
      rows.map((row) => row.key),
      rows.map((row) => row.label),
      rows.map((row) => row.version),
      Buffer.concat(rows.map((row) => row.packed)),
      starts,
      rows.map((row) => row.packed.length),
    ),
  ];
}
