import { join } from 'node:path';
import { InvalidInput } from '@perennial/contracts';
import type { Columns } from './columns';
import { COLUMN_NAMES, pickColumns } from './columns';
import type { Database } from './duckdb';
import { csvHeader, csvLineOf, refuseBrokenRecord } from './csv-file';
import { asking, literal } from './duckdb';
import { jsonKeys, ndjsonLineOf, refuseOtherEncodings, rewriteNdjson } from './ndjson-file';
import { refuseOtherThanParquet } from './parquet-file';
import type { HistoryFile, HistoryQuery, Source } from './source';
import { MAX_RECORD_BYTES } from './text-records';

/** What DuckDB reads a history from. */
export interface Relation {
  /** What follows FROM. */
  readonly from: string;
  readonly columns: Columns;
  /** Whether rows of one instant are sorted by id; if not, and for equal ids, they stay in the order they came in. */
  readonly sortById: boolean;
  /** After DuckDB has failed: what to read instead. Throws what is wrong in better words than DuckDB's, when it can; else null. */
  readonly rescue?: () => Promise<Relation | null>;
  /** The line of a text file on which a row begins; rows count from 1. */
  readonly lineOf?: (row: number) => Promise<number>;
}

/** Where a row is, for messages: file and line, or query and row. */
export type Place = (row: number) => Promise<string>;

export function placeIn(name: string, { lineOf }: Relation): Place {
  return async (row) => (lineOf === undefined ? `${name}, row ${row}` : `${name}, line ${await lineOf(row)}`);
}

export async function relationOf(source: Source, database: Database): Promise<Relation> {
  switch (source.kind) {
    case 'csv':
      return csv(source);
    case 'ndjson':
      return ndjson(source, database);
    case 'parquet':
      await refuseOtherThanParquet(source);
      return { ...(await described(source.name, `read_parquet(${path(source.file)})`, database)), sortById: false };
    case 'query':
      return query(source, database);
  }
}

/** DuckDB's default, which it would raise with the longest line. */
const CSV_BUFFER_BYTES = 32 * 1024 * 1024;

/** RFC 4180, nothing guessed: commas, double quotes, one header line. */
async function csv(source: HistoryFile): Promise<Relation> {
  const header = await csvHeader(source);
  const columns = pickColumns(
    source.name,
    header.map((name) => ({ name, type: 'VARCHAR' })),
  );
  const isUsed = (name: string): boolean => COLUMN_NAMES.some((used) => used === name);
  const names = header.map((name, index) => (isUsed(name) ? name : `unused ${index}`));
  const types = names.map((name) => `'${name}': 'VARCHAR'`).join(', ');
  const dialect = `auto_detect = false, header = true, delim = ',', quote = '"', escape = '"'`;
  const sizes = `max_line_size = ${MAX_RECORD_BYTES}, buffer_size = ${CSV_BUFFER_BYTES}`;
  return {
    from: `read_csv(${path(source.file)}, ${dialect}, ${sizes}, columns = {${types}})`,
    columns,
    sortById: false,
    rescue: async () => {
      await refuseBrokenRecord(source, header.length);
      return null;
    },
    lineOf: (row) => csvLineOf(source, row),
  };
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
  const lineOf = (row: number): Promise<number> => ndjsonLineOf(source, row);
  return {
    ...objectsIn(source.name, source.file, 'JSON'),
    lineOf,
    rescue: async () => {
      const rewritten = join(database.folder, 'history.ndjson');
      await rewriteNdjson(source, rewritten);
      return { ...objectsIn(source.name, rewritten, 'VARCHAR'), lineOf };
    },
  };
}

/** `properties`: whether they are objects, or their JSON as text. */
function objectsIn(name: string, file: string, properties: 'JSON' | 'VARCHAR'): Relation {
  const typed = COLUMN_NAMES.map((column) => ({
    name: column,
    type: column === 'properties' ? properties : 'VARCHAR',
  }));
  const types = typed.map((column) => `'${column.name}': '${column.type}'`).join(', ');
  return {
    from: `read_ndjson(${path(file)}, columns = {${types}})`,
    columns: pickColumns(name, typed),
    sortById: false,
  };
}

/** A path as DuckDB takes it: without the meaning of pattern characters. */
function path(file: string): string {
  return literal(file.replace(/[*?[]/g, '[$&]'));
}

async function query({ name, sql, folder }: HistoryQuery, database: Database): Promise<Relation> {
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
  return { ...(await described(name, 'source', database)), sortById: true };
}

async function described(
  subject: string,
  from: string,
  database: Database,
): Promise<Pick<Relation, 'from' | 'columns'>> {
  const rows = await database.rows(subject, `DESCRIBE FROM ${from}`);
  const found = rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
  return { from, columns: pickColumns(subject, found) };
}
