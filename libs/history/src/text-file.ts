import { InvalidInput } from '@perennial/contracts';
import type { Database } from './duckdb';
import { literal } from './duckdb';
import type { HistoryFile } from './source';

/** A path as DuckDB takes it: without the meaning of pattern characters. */
export function path(file: string): string {
  return literal(file.replace(/[*?[]/g, '[$&]'));
}

/** The lines of a text file as they are, empty ones as null. */
function linesOf(file: string): string {
  const whole = String.raw`delim = '\x01', quote = '', escape = ''`;
  return `read_csv(${path(file)}, auto_detect = false, header = false, columns = {line: 'VARCHAR'}, ${whole}, max_line_size = 16777216)`;
}

async function firstLine({ name, file }: HistoryFile, database: Database): Promise<string | null> {
  const [row] = await database.rows(name, `SELECT line FROM ${linesOf(file)} WHERE line IS NOT NULL LIMIT 1`);
  return typeof row?.[0] === 'string' ? row[0] : null;
}

/** The names in the first line of a CSV file; none when it is empty. */
export async function csvHeader(file: HistoryFile, database: Database): Promise<readonly string[]> {
  const line = await firstLine(file, database);
  if (line === null) return [];
  const names = line.trimEnd().matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g);
  return [...names].map(([, name = '']) => name.replace(/^"(.*)"$/, '$1').replaceAll('""', '"'));
}

/** The keys of the first line of an NDJSON file; null when the file is empty. */
export async function jsonKeys(file: HistoryFile, database: Database): Promise<readonly string[] | null> {
  await refuseBrokenLine(file, database, 1);
  const line = await firstLine(file, database);
  return line === null ? null : Object.keys(JSON.parse(line) as object);
}

/**
 * Throws `InvalidInput` for the first line that is no JSON object, among the first `limit` (default all). DuckDB finds it
 * too, but names the line after it.
 */
export async function refuseBrokenLine({ name, file }: HistoryFile, database: Database, limit?: number): Promise<void> {
  const first = limit === undefined ? '' : `LIMIT ${limit}`;
  const [row] = await database.rows(
    name,
    `SELECT CAST(number AS INTEGER), left(line, 80)
     FROM (SELECT row_number() OVER () AS number, line FROM ${linesOf(file)} ${first})
     WHERE line IS NOT NULL AND NOT (json_valid(line) AND json_type(TRY_CAST(line AS JSON)) = 'OBJECT')
     ORDER BY number LIMIT 1`,
  );
  if (row === undefined) return;
  throw new InvalidInput(
    'HISTORY.BROKEN_LINE',
    `${name}, line ${String(row[0])}: no JSON object: ${String(row[1])}. Every line of an NDJSON file is one object.`,
  );
}
