import { InvalidInput } from '@perennial/contracts';
import type { Columns } from './columns';
import { COLUMN_NAMES, pickColumns } from './columns';
import type { Database } from './duckdb';
import { asking, literal } from './duckdb';
import type { HistoryFile, HistoryQuery, Source } from './source';
import { csvHeader, jsonKeys, path, refuseBrokenLine } from './text-file';

/** What DuckDB reads a history from. */
export interface Relation {
  /** What follows FROM. */
  readonly from: string;
  readonly columns: Columns;
  /** Whether rows of one instant are sorted by id; if not, and for equal ids, they stay in the order they came in. */
  readonly sortById: boolean;
  /** Throws what is wrong in better words than DuckDB's, when it can, after reading has failed. */
  readonly explain?: () => Promise<void>;
}

export async function relationOf(source: Source, database: Database): Promise<Relation> {
  switch (source.kind) {
    case 'csv':
      return csv(source, database);
    case 'ndjson':
      return ndjson(source, database);
    case 'parquet':
      return { ...(await described(source.name, `read_parquet(${path(source.file)})`, database)), sortById: false };
    case 'query':
      return query(source, database);
  }
}

/** RFC 4180, nothing guessed: commas, double quotes, one header line. */
async function csv(source: HistoryFile, database: Database): Promise<Relation> {
  const header = await csvHeader(source, database);
  const columns = pickColumns(
    source.name,
    header.map((name) => ({ name, type: 'VARCHAR' })),
  );
  const isUsed = (name: string): boolean => COLUMN_NAMES.some((used) => used === name);
  const names = header.map((name, index) => (isUsed(name) ? name : `unused ${index}`));
  const types = names.map((name) => `'${name}': 'VARCHAR'`).join(', ');
  const dialect = `auto_detect = false, header = true, delim = ',', quote = '"', escape = '"'`;
  return { from: `read_csv(${path(source.file)}, ${dialect}, columns = {${types}})`, columns, sortById: false };
}

/** Declared, not detected: detection reads a part of the file, and gives every object the keys of all. */
async function ndjson(source: HistoryFile, database: Database): Promise<Relation> {
  const typed = COLUMN_NAMES.map((name) => ({ name, type: name === 'properties' ? 'JSON' : 'VARCHAR' }));
  const keys = await jsonKeys(source, database);
  if (keys !== null) {
    pickColumns(
      source.name,
      keys.map((name) => ({ name, type: 'JSON' })),
    );
  }
  const types = typed.map(({ name, type }) => `'${name}': '${type}'`).join(', ');
  const from = `read_ndjson(${path(source.file)}, columns = {${types}})`;
  const explain = (): Promise<void> => refuseBrokenLine(source, database);
  return { from, columns: pickColumns(source.name, typed), sortById: false, explain };
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
