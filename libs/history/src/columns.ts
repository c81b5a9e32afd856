import { excerpt, InvalidInput } from '@perennial/values';
import { isMisspelt, similarTo } from './similar-columns';

const REQUIRED = ['customerId', 'timestamp', 'event'] as const;
const OPTIONAL = ['type', 'id', 'properties'] as const;
export const COLUMN_NAMES = [...REQUIRED, ...OPTIONAL] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];

export interface FoundColumn {
  readonly name: string;
  /** As DuckDB spells it, e.g. `TIMESTAMP WITH TIME ZONE`. */
  readonly type: string;
}
/** The columns that a history uses, and their types. */
export type Columns = ReadonlyMap<ColumnName, string>;

/** Picks a history's columns; order and other columns do not matter. Throws `InvalidInput` when one is missing or twice. */
export function pickColumns(subject: string, found: readonly FoundColumn[]): Columns {
  const columns = new Map<ColumnName, string>();
  for (const name of COLUMN_NAMES) {
    const [column, again] = found.filter((candidate) => candidate.name === name);
    if (again !== undefined) {
      throw new InvalidInput(
        'HISTORY.COLUMN_TWICE',
        `${subject}: there are two columns ${name}; rename or remove one.`,
      );
    }
    if (column !== undefined) columns.set(name, column.type);
  }
  const names = found.map(({ name }) => name);
  const missing = REQUIRED.filter((name) => !columns.has(name));
  if (missing.length > 0) throw missingColumns(subject, missing, names);
  for (const name of OPTIONAL) if (!columns.has(name)) refuseMisspelt(subject, name, names);
  return columns;
}

function missingColumns(subject: string, missing: readonly ColumnName[], found: readonly string[]): InvalidInput {
  const names =
    found.length === 0
      ? 'no columns'
      : excerpt(found.map((name) => (name === name.trim() ? name : `"${name}"`)).join(', '));
  const guesses = missing.flatMap((name) => guess(name, similarTo(name, found)));
  const question = guesses.length === 0 ? '' : ` (did you mean ${guesses.join(', ')}?)`;
  return new InvalidInput(
    'HISTORY.COLUMN_MISSING',
    `${subject}: no column ${missing.join(', ')}; found ${names}${question}. A history has ${REQUIRED.join(', ')} and may have ` +
      `${OPTIONAL.join(', ')}: name the columns with --map "${suggestion(found)}", rename them, or map them with a query ` +
      '(SELECT customer AS "customerId", …).',
  );
}

/** A map to begin with: what is not found is left open. */
function suggestion(found: readonly string[]): string {
  const entries = REQUIRED.map((name) => {
    const column = found.includes(name) ? name : similarTo(name, found);
    const open = name === 'event' ? "'TEXT'" : 'COLUMN';
    return `${name === 'customerId' ? 'customer' : name}=${column === null ? open : spelt(column)}`;
  });
  return excerpt(entries.join(','), 200);
}

/** As a map has it. */
const spelt = (column: string): string =>
  /^[^\s,="'][^,="']*$/.test(column) && column === column.trim() ? column : `"${column}"`;

const guess = (column: ColumnName, name: string | null): readonly string[] =>
  name === null ? [] : [`"${excerpt(name, 80)}" for ${column}`];

/** It would be left out without a word, and with it what it says. */
function refuseMisspelt(subject: string, column: ColumnName, found: readonly string[]): void {
  const misspelt = found.find((name) => isMisspelt(name, column));
  if (misspelt === undefined) return;
  throw new InvalidInput(
    'HISTORY.COLUMN_MISSPELT',
    `${subject}: the column "${excerpt(misspelt, 80)}" is not read as ${column}; rename it to ${column}, or to another name ` +
      'where it is something else.',
  );
}
