import { excerpt, InvalidInput } from '@perennial/values';

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

/** What exports call the columns, in letters and digits alone. */
const OTHER_NAMES: Readonly<Partial<Record<string, readonly string[]>>> = {
  customerId: ['customer', 'userid', 'user', 'clientid', 'custid', 'buyerid', 'accountid', 'visitorid', 'memberid'],
  timestamp: [
    ...['time', 'date', 'datetime', 'occurredat', 'createdat', 'originaltimestamp', 'eventtime'],
    ...['orderedat', 'orderdate', 'invoicedate', 'purchasedat', 'purchasedate'],
  ],
  event: ['eventname', 'eventtype', 'action'],
  id: ['messageid', 'eventid'],
  properties: ['props', 'property', 'data', 'payload'],
};

/** Whether a name differs from that of a column in case, blanks or marks alone. */
function isMisspelt(name: string, column: string): boolean {
  return name !== column && plain(name) === plain(column);
}

/** The found name that most likely stands for a column; null when none does. */
function similarTo(column: string, found: readonly string[]): string | null {
  const others = OTHER_NAMES[column] ?? [];
  return found.find((name) => isMisspelt(name, column)) ?? found.find((name) => others.includes(plain(name))) ?? null;
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The found name that is written like another but for case, blanks or marks, or with at most two letters different; else null. */
export function nearest(name: string, found: readonly string[]): string | null {
  const alike = found.find((candidate) => plain(candidate) === plain(name));
  if (alike !== undefined) return alike;
  const near = found.filter((candidate) => isNear(plain(candidate), plain(name)));
  return near[0] ?? null;
}

/** Whether a name contains the other, has the same letters, or differs in one place of at most two letters. */
function isNear(a: string, b: string): boolean {
  if (a.length < 3 || b.length < 3) return false;
  if (a.includes(b) || b.includes(a) || sorted(a) === sorted(b)) return true;
  let [begin, end] = [0, 0];
  while (begin < a.length && a[begin] === b[begin]) begin += 1;
  while (end < Math.min(a.length, b.length) - begin && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return Math.max(a.length, b.length) - begin - end <= 2;
}

const sorted = (name: string): string => Array.from(name).sort().join('');
