import { join } from 'node:path';
import { InvalidInput } from '@perennial/values';
import { type ColumnMap, columnsOf } from './column-map';
import { type ColumnName, type Columns, COLUMN_NAMES, pickColumns } from './columns';
import { type Database, asking, literal } from './duckdb';
import { csvHeader, csvLinesOf, refuseBrokenRecords } from './csv-file';
import { jsonKeys, ndjsonLinesOf, refuseOtherEncodings, rewriteNdjson } from './ndjson-file';
import { type HistoryFile, type HistoryQuery, refuseOtherThanParquet, type Source } from './source';
import { type InputColumn, type Projection, areNumbers, namesOf, project, refuseUnknownColumns } from './projection';
import { MAX_RECORD_BYTES } from './text-records';

/** What DuckDB reads a history from. */
export interface Relation {
  /** What follows FROM. */
  readonly from: string;
  readonly columns: Columns;
  /** What a column is called in the input. */
  readonly nameOf: (name: ColumnName) => string;
  /** Whether rows of one instant are sorted by id, then by customer; if not, and for equal ones, they stay in the order they came in. */
  readonly sortById: boolean;
  /** After DuckDB has failed: what to read instead. Throws what is wrong in better words than DuckDB's, when it can; else null. */
  readonly rescue?: () => Promise<Relation | null>;
  /** The lines of a text file on which rows begin; rows count from 1 and come in ascending order. */
  readonly linesOf?: (rows: readonly number[]) => Promise<readonly number[]>;
}

/** Where rows are, for messages: by line, or by row; rows come in ascending order. */
export type Places = (rows: readonly number[]) => Promise<readonly string[]>;

export function placesIn({ linesOf }: Relation): Places {
  return async (rows) =>
    linesOf === undefined ? rows.map((row) => `row ${row}`) : (await linesOf(rows)).map((line) => `line ${line}`);
}

export async function relationOf(source: Source, map: ColumnMap | null, database: Database): Promise<Relation> {
  switch (source.kind) {
    case 'csv':
      return csv(source, map, database);
    case 'ndjson':
      return map === null ? ndjson(source, database) : mappedNdjson(source, map, database);
    case 'parquet':
      await refuseOtherThanParquet(source);
      return typed(source.name, `read_parquet(${path(source.file)})`, map, false, database);
    case 'query':
      return query(source, map, database);
  }
}

/** DuckDB's default, which it would raise with the longest line. */
const CSV_BUFFER_BYTES = 32 * 1024 * 1024;

/** RFC 4180, nothing guessed: commas, double quotes, one header line. */
async function csv(source: HistoryFile, map: ColumnMap | null, database: Database): Promise<Relation> {
  const header = await csvHeader(source);
  const isUsed = (name: string): boolean => map === null && COLUMN_NAMES.some((used) => used === name);
  const names = header.map((name, index) => (isUsed(name) ? name : `column ${index}`));
  const types = names.map((name) => `'${name}': 'VARCHAR'`).join(', ');
  const dialect = `auto_detect = false, header = true, delim = ',', quote = '"', escape = '"'`;
  const sizes = `max_line_size = ${MAX_RECORD_BYTES}, buffer_size = ${CSV_BUFFER_BYTES}`;
  const from = `read_csv(${path(source.file)}, ${dialect}, ${sizes}, columns = {${types}})`;
  const found = header.map((name, index) => ({
    name,
    type: 'VARCHAR',
    sql: `"${String(names[index])}"`,
    values: 'text' as const,
  }));
  const rescue = async (): Promise<null> => {
    await refuseBrokenRecords(source, header.length);
    return null;
  };
  return {
    ...(await projected(source.name, { from, found, rescue }, map, database)),
    nameOf: namesOf(map),
    sortById: false,
    rescue,
    linesOf: (rows) => csvLinesOf(source, rows),
  };
}

interface Unprojected {
  readonly from: string;
  readonly found: readonly InputColumn[];
  readonly rescue: () => Promise<null>;
}

/** The columns of a history among those that were found, or made of them. */
async function projected(
  subject: string,
  { from, found, rescue }: Unprojected,
  map: ColumnMap | null,
  database: Database,
): Promise<Projection> {
  if (map === null) return { from, columns: pickColumns(subject, found) };
  refuseUnknownColumns(
    subject,
    found.map(({ name }) => name),
    map,
  );
  const used = new Set([...map.properties.values()].map((source) => (source.kind === 'column' ? source.name : null)));
  const texts = found.filter(({ name, values }) => values === 'text' && used.has(name));
  return project(from, found, map, await numbersAmong(subject, { from, found: texts, rescue }, database));
}

/** Reads the whole input once more: a property is numbers in all rows, or in none. */
async function numbersAmong(
  subject: string,
  { from, found, rescue }: Unprojected,
  database: Database,
): Promise<ReadonlySet<string>> {
  if (found.length === 0) return new Set();
  try {
    const [row = []] = await database.rows(subject, `SELECT ${areNumbers(found)} FROM ${from}`);
    return new Set(found.filter((_, index) => Number(row[index]) === 1).map(({ name }) => name));
  } catch (error) {
    await rescue();
    throw error;
  }
}

/** Declared, not detected: detection reads a part of the file, and gives every object the keys of all. */
async function ndjson(source: HistoryFile, database: Database): Promise<Relation> {
  const keys = await jsonKeys(source);
  if (keys !== null) {
    pickColumns(
      source.name,
      keys.map((name) => ({ name, type: 'JSON' })),
    );
  }
  await refuseOtherEncodings(source);
  const linesOf = (rows: readonly number[]): Promise<readonly number[]> => ndjsonLinesOf(source, rows);
  return {
    ...objectsIn(source.name, source.file, 'JSON', null),
    linesOf,
    rescue: async () => ({ ...(await rewritten(source, null, database)), linesOf }),
  };
}

/**
 * Keys that the first object has are read by DuckDB. If it lacks one, every object is looked at by ourselves; so are those with keys
 * that differ in case alone, which DuckDB refuses.
 */
async function mappedNdjson(source: HistoryFile, map: ColumnMap, database: Database): Promise<Relation> {
  const linesOf = (rows: readonly number[]): Promise<readonly number[]> => ndjsonLinesOf(source, rows);
  const keys = columnsOf(map);
  const first = new Set(await jsonKeys(source));
  if (!keys.every((key) => first.has(key))) return { ...(await rewritten(source, map, database)), linesOf };
  await refuseOtherEncodings(source);
  const names = keys.map((name) => ({ name, type: 'JSON', sql: identifier(name), values: 'json' as const }));
  const types = keys.map((name) => `${literal(name)}: 'JSON'`).join(', ');
  return {
    ...project(`read_ndjson(${path(source.file)}, columns = {${types}})`, names, map, new Set()),
    nameOf: namesOf(map),
    sortById: false,
    linesOf,
    rescue: async () => ({ ...(await rewritten(source, map, database)), linesOf }),
  };
}

async function rewritten(source: HistoryFile, map: ColumnMap | null, database: Database): Promise<Relation> {
  const to = join(database.folder, 'history.ndjson');
  await rewriteNdjson(source, map, to, database.signal);
  return objectsIn(source.name, to, 'VARCHAR', map);
}

/** `properties`: whether they are objects, or their JSON as text. */
function objectsIn(name: string, file: string, properties: 'JSON' | 'VARCHAR', map: ColumnMap | null): Relation {
  const found = COLUMN_NAMES.map((column) => ({
    name: column,
    type: column === 'properties' ? properties : 'VARCHAR',
  }));
  const types = found.map((column) => `'${column.name}': '${column.type}'`).join(', ');
  return {
    from: `read_ndjson(${path(file)}, columns = {${types}})`,
    columns: pickColumns(name, found),
    nameOf: namesOf(map),
    sortById: false,
  };
}

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A path as DuckDB takes it: without the meaning of pattern characters. */
function path(file: string): string {
  return literal(file.replace(/[*?[]/g, '[$&]'));
}

async function query(
  { name, sql, folder }: HistoryQuery,
  map: ColumnMap | null,
  database: Database,
): Promise<Relation> {
  const view = `CREATE TEMP VIEW source AS\n${sql}`;
  const { count } = await asking(name, () => database.connection.extractStatements(view), 1);
  if (count !== 1) {
    throw new InvalidInput(
      'HISTORY.SEVERAL_STATEMENTS',
      `${name}: there are ${count} statements; a query is one SELECT.`,
    );
  }
  await database.rows(name, `SET VARIABLE here = ${literal(folder)}`);
  await asking(name, () => database.connection.run(view), 1);
  return typed(name, 'source', map, true, database);
}

/** What has types of its own: Parquet, or the rows of a query. */
async function typed(
  subject: string,
  from: string,
  map: ColumnMap | null,
  sortById: boolean,
  database: Database,
): Promise<Relation> {
  const found = (await database.rows(subject, `DESCRIBE FROM ${from}`)).map(([name, type]) => ({
    name: String(name),
    type: String(type),
    sql: identifier(String(name)),
    values: 'typed' as const,
  }));
  const rescue = (): Promise<null> => Promise.resolve(null);
  return { ...(await projected(subject, { from, found, rescue }, map, database)), nameOf: namesOf(map), sortById };
}
