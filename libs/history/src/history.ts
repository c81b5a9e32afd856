import type { Instant } from '@perennial/values';
import type { ColumnMap } from './column-map';
import { type Database, type DatabaseOptions, openDatabase } from './duckdb';
import { refuseFlaws } from './flaw';
import { loadHistory, numberByTime } from './load';
import { type Reading, PAGE_ROWS, readPage, refuseLooseJson } from './page';
import { registerReadInstant } from './read-instant';
import { type Places, placesIn, relationOf } from './relation';
import { type PastActivity, pastActivitiesOf, type Sheet } from './sheet';
import { findSource } from './source';
import { fingerprintOf, type HistorySurvey, surveyOf } from './survey';
import { fromLocalTime } from './time-zone';
import { unpackedFile } from './unpacked-file';

/** What is read, and how. */
export interface HistoryOptions extends DatabaseOptions {
  /**
   * A `.csv`, `.ndjson` (`.jsonl`) or `.parquet` file, also compressed (`.gz`, `.zst`), a `.sql` file with a DuckDB query, or the
   * query itself. Each yields `customerId, timestamp, event` and optional `type` (default `track`), `id`, `properties` (JSON text,
   * STRUCT or MAP), or whatever `map` says. In a query `getvariable('here')` is the folder of its file: `read_csv(getvariable('here') || '/orders.csv')`.
   */
  readonly input: string;
  /** What they are sorted by first. `customer`: each customer's are together, and in their order. Default `time`. */
  readonly order?: 'time' | 'customer';
  /** Where the fields come from. Default: from the columns named above. See `parseColumnMap`. */
  readonly map?: ColumnMap | null;
  /** IANA name of the zone in which times without an offset are read. Default: text without one is refused, DATE and TIMESTAMP are UTC. */
  readonly zone?: string | null;
}

/** Activities of the past, all checked, in order: by time, then (queries) by id and customer, then as they came. */
export interface History {
  /** For messages: the file's name. */
  readonly name: string;
  /** How many activities there are. */
  readonly total: number;
  /** Time of the newest activity; null when there is none. */
  readonly newest: Instant | null;
  /** The activities in arrays of some thousands, without the first `skip` (default 0). Can be read again. */
  activities(skip?: number): AsyncGenerator<readonly PastActivity[]>;
  /** What it consists of; a few seconds for a million rows. */
  survey(): Promise<HistorySurvey>;
  /**
   * A hash over all rows as they are handed out, in order, with their numbers; 32 hexadecimal digits. Equal for the same input, map
   * and zone; about a second for a million rows.
   */
  fingerprint(): Promise<string>;
  /** How many are not later than an instant. */
  countThrough(end: Instant): Promise<number>;
  /** The same in sheets of some thousands at most, shared out by customer. */
  pages(reading: Reading): AsyncGenerator<Page>;
  /** Gives memory and disk back. To be called always, when reading has ended or failed. */
  close(): Promise<void>;
}

/** Consecutive activities of a history. */
export interface Page {
  /** By share; those without activities have none. */
  readonly sheets: ReadonlyMap<number, Sheet>;
  /** Throws `InvalidInput` for the row that makes a sheet unreadable. */
  readonly refuse: () => Promise<never>;
}

/** Reads and checks a history. Throws `InvalidInput` with file, row, column and remedy, before any activity is handed out. */
export async function openHistory(options: HistoryOptions): Promise<History> {
  const { input, order = 'time', map = null, zone = null } = options;
  const fromLocal = zone === null ? null : fromLocalTime(zone);
  const found = await findSource(input);
  const database = await openDatabase(options);
  try {
    registerReadInstant(database.connection, fromLocal);
    const source = found.kind === 'query' ? found : await unpackedFile(found, database.folder, database.signal);
    const relation = await relationOf(source, map, database);
    const places = placesIn(relation);
    const isZoned = zone !== null;
    await loadHistory(source.name, relation, { order, isZoned }, database);
    await refuseFlaws(source.name, places, { nameOf: relation.nameOf, isZoned }, database);
    if (relation.sortById) await numberByTime(source.name, order, database);
    return await loaded(source.name, places, database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function loaded(name: string, places: Places, database: Database): Promise<History> {
  const counted = 'SELECT CAST(count(*) AS DOUBLE), CAST(max("at") AS DOUBLE) FROM history';
  const [[total = 0, newest = null] = []] = await database.rows(name, counted);
  const rows = Number(total);
  return {
    name,
    total: rows,
    newest: newest === null ? null : Number(newest),
    activities: (skip = 0) => activities(pages(name, places, { first: skip, end: rows }, { numbers: true }, database)),
    survey: () => surveyOf(name, database),
    fingerprint: () => fingerprintOf(name, database),
    countThrough: (end) => countThrough(name, end, database),
    pages: (reading) => pages(name, places, { first: 0, end: rows }, reading, database),
    close: () => database.close(),
  };
}

async function countThrough(name: string, end: Instant, database: Database): Promise<number> {
  const counting = `SELECT CAST(count(*) AS DOUBLE) FROM history WHERE "at" <= ${end}`;
  const [[count = 0] = []] = await database.rows(name, counting);
  return Number(count);
}

async function* pages(
  name: string,
  places: Places,
  rows: { readonly first: number; readonly end: number },
  reading: Reading,
  database: Database,
): AsyncGenerator<Page> {
  for (let { first } = rows; first < rows.end; first += PAGE_ROWS) {
    const sheets = await readPage(name, first, reading, database);
    yield { sheets, refuse: () => refuseLooseJson(name, places, first, reading.through ?? null, database) };
  }
}

async function* activities(from: AsyncGenerator<Page>): AsyncGenerator<readonly PastActivity[]> {
  for await (const { sheets, refuse } of from) {
    for (const sheet of sheets.values()) yield pastActivitiesOf(sheet) ?? (await refuse());
  }
}
