import type { Instant } from '@perennial/contracts';
import type { Database, DatabaseOptions } from './duckdb';
import { openDatabase } from './duckdb';
import { refuseFlaws } from './flaw';
import { loadHistory } from './load';
import type { PastActivity } from './page';
import { PAGE_ROWS, readPage } from './page';
import { registerReadInstant } from './read-instant';
import { relationOf } from './relation';
import { findSource } from './source';

export interface HistoryOptions extends DatabaseOptions {
  /**
   * A `.csv`, `.ndjson` (`.jsonl`) or `.parquet` file, a `.sql` file with a DuckDB query, or the query itself. Each yields
   * `customerId, timestamp, event` and optional `type` (default `track`), `id`, `properties` (JSON text, STRUCT or MAP).
   * In a query `getvariable('here')` is the folder of its file: `read_csv(getvariable('here') || '/orders.csv')`.
   */
  readonly input: string;
}

/** Activities of the past, all checked, in order: by time, then (queries) by id, then as they came. */
export interface History {
  /** For messages: the file's name. */
  readonly name: string;
  /** How many activities there are. */
  readonly total: number;
  /** Time of the newest activity; null when there is none. */
  readonly newest: Instant | null;
  /** The activities in arrays of some thousands, without the first `skip` (default 0). Can be read again. */
  activities(skip?: number): AsyncGenerator<readonly PastActivity[]>;
  /** Gives memory and disk back. To be called always, when reading has ended or failed. */
  close(): Promise<void>;
}

/** Reads and checks a history. Throws `InvalidInput` with file, row, column and remedy, before any activity is handed out. */
export async function openHistory({ input, ...options }: HistoryOptions): Promise<History> {
  const source = await findSource(input);
  const database = await openDatabase(options);
  try {
    registerReadInstant(database.connection);
    await loadHistory(source.name, await relationOf(source, database), database);
    await refuseFlaws(source.name, database);
    return await loaded(source.name, database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function loaded(name: string, database: Database): Promise<History> {
  const counted = 'SELECT CAST(count(*) AS DOUBLE), CAST(max("at") AS DOUBLE) FROM history';
  const [[total = 0, newest = null] = []] = await database.rows(name, counted);
  return {
    name,
    total: Number(total),
    newest: newest === null ? null : Number(newest),
    activities: (skip = 0) => pages(name, skip, Number(total), database),
    close: () => database.close(),
  };
}

async function* pages(
  name: string,
  skip: number,
  total: number,
  database: Database,
): AsyncGenerator<readonly PastActivity[]> {
  for (let first = skip; first < total; first += PAGE_ROWS) yield await readPage(name, first, database);
}
