/**
 * The columns of a history made of those that a map names, as a subquery.
 *
 * 1. A column of text that becomes a property is numbers when every value that is not empty is a JSON number without an
 *    exponent, which a double holds ({@link PLAIN_NUMBER}), else text: `12E3` is a code. Where it is empty, the property is absent.
 * 2. A typed column becomes what `to_json` makes of it: numbers stay numbers. JSON stays what it is. Where it is null, the property
 *    is absent.
 */
import { excerpt, InvalidInput } from '@perennial/values';
import { type ColumnMap, columnsOf, type MapSource } from './column-map';
import { type ColumnName, type Columns, type FoundColumn, nearest } from './columns';
import { literal } from './duckdb';

/** A column of the input. */
export interface InputColumn extends FoundColumn {
  /** What it is called in SQL. */
  readonly sql: string;
  /** What its values are: text, also where a file has numbers; of the column's type; or JSON. */
  readonly values: 'text' | 'typed' | 'json';
}

export interface Projection {
  /** What follows FROM. */
  readonly from: string;
  readonly columns: Columns;
}

/** RFC 8259 without an exponent, at most 15 digits before the point: no whole number that a double rounds. */
const PLAIN_NUMBER = String.raw`-?(0|[1-9]\d{0,14})(\.\d+)?`;

/** Throws `InvalidInput` when the map names a column that is not there, or there twice. */
export function refuseUnknownColumns(subject: string, found: readonly string[], map: ColumnMap): void {
  for (const name of columnsOf(map)) {
    const times = found.filter((candidate) => candidate === name).length;
    if (times === 0) throw unknownColumn(subject, name, found);
    if (times > 1) throw columnTwice(subject, name);
  }
}

function columnTwice(subject: string, name: string): InvalidInput {
  return new InvalidInput(
    'HISTORY.COLUMN_TWICE',
    `${subject}: there are two columns ${shown(name)}, and --map names it; rename or remove one.`,
  );
}

function unknownColumn(subject: string, name: string, found: readonly string[]): InvalidInput {
  const near = nearest(name, found);
  const question = near === null ? '' : ` (did you mean ${shown(near)}?)`;
  const listed = found.length === 0 ? 'none' : excerpt(found.map(spelt).join(', '));
  return new InvalidInput(
    'HISTORY.COLUMN_UNKNOWN',
    `${subject}: there is no column ${shown(name)}, which --map names${question}; found ${listed}. A text that is the same in every row ` +
      "stands in single quotes (event='Order Completed').",
  );
}

/** What a history's columns are called in the input; those that are texts of the map, or put together, keep their own name. */
export function namesOf(map: ColumnMap | null): (name: ColumnName) => string {
  return (name) => {
    const source = map?.fields.get(name);
    return source?.kind === 'column' ? source.name : name;
  };
}

/** `numbers`: names of the columns of text that are numbers. */
export function project(
  from: string,
  found: readonly InputColumn[],
  map: ColumnMap,
  numbers: ReadonlySet<string>,
): Projection {
  const byName = new Map(found.map((column) => [column.name, column]));
  const selected: string[] = [];
  const columns = new Map<ColumnName, string>();
  for (const [field, source] of map.fields) {
    const column = source.kind === 'column' ? byName.get(source.name) : undefined;
    const isJsonText = column?.values === 'json' && field !== 'properties';
    selected.push(`${column?.sql ?? textOf(source)}${isJsonText ? ` ->> '$'` : ''} AS "${field}"`);
    columns.set(field, isJsonText ? 'VARCHAR' : (column?.type ?? 'VARCHAR'));
  }
  if (map.properties.size > 0) {
    const members = [...map.properties].map(([name, source]) =>
      memberOf(name, source.kind === 'column' ? (byName.get(source.name) ?? null) : null, source, numbers),
    );
    selected.push(`'{' || concat_ws(',', ${members.join(', ')}) || '}' AS "properties"`);
    columns.set('properties', 'VARCHAR');
  }
  return { from: `(SELECT ${selected.join(', ')} FROM ${from})`, columns };
}

/** SQL: a member of the object of properties; NULL where it is absent. */
function memberOf(name: string, column: InputColumn | null, source: MapSource, numbers: ReadonlySet<string>): string {
  const key = `${JSON.stringify(name)}:`;
  if (column === null) return literal(key + JSON.stringify(source.kind === 'text' ? source.text : null));
  const { isThere, value } = jsonOf(column, numbers.has(column.name));
  return `CASE WHEN ${isThere} THEN ${literal(key)} || ${value} END`;
}

/** SQL: whether a column has a value, and which, as JSON text. */
function jsonOf({ sql, values }: InputColumn, isNumber: boolean): { readonly isThere: string; readonly value: string } {
  switch (values) {
    case 'text':
      return { isThere: `${sql} <> ''`, value: isNumber ? sql : `CAST(to_json(${sql}) AS VARCHAR)` };
    case 'typed':
      return { isThere: `${sql} IS NOT NULL`, value: `CAST(to_json(${sql}) AS VARCHAR)` };
    case 'json':
      return { isThere: `${sql} IS NOT NULL`, value: `CAST(${sql} AS VARCHAR)` };
  }
}

/** SQL over all rows: for each of the columns, whether it is numbers. */
export function areNumbers(columns: readonly InputColumn[]): string {
  return columns
    .map(
      ({ sql }) =>
        `coalesce(bool_and(regexp_full_match(${sql}, '${PLAIN_NUMBER}')) FILTER (${sql} <> ''), false)::INTEGER`,
    )
    .join(', ');
}

const textOf = (source: MapSource): string => (source.kind === 'text' ? literal(source.text) : 'NULL');
const shown = (name: string): string => `"${excerpt(name, 80)}"`;
const spelt = (name: string): string => (name === name.trim() && name !== '' ? name : `"${name}"`);
