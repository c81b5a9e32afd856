import type { Instant } from '@perennial/values';
import type { Cell, Database } from './duckdb';
import { flawedRow } from './refusals';
import type { Places } from './relation';
import { parseObjects, type Sheet } from './sheet';

/** Rows read together. */
export const PAGE_ROWS = 16_384;

/** Which rows of a page are read, and how they are shared out. */
export interface Reading {
  /** Later activities are left out. Default: none is. */
  readonly through?: Instant | null;
  /** So many shares; all activities of a customer are in one. Default 1. */
  readonly shares?: number;
  /** Whether each row's place in the order of time is wanted: for a history by time. */
  readonly places?: boolean;
  /** Whether each row's number in the input is wanted. */
  readonly numbers?: boolean;
}

/**
 * Reads rows `first` … `first + PAGE_ROWS - 1` of the table `history`: a sheet for each share that has some. Each column
 * comes as one text: DuckDB joins a million values in a fraction of the time in which its JavaScript binding hands out
 * single ones (measured: 1.4 µs a row against 4). No value contains the separator; `refuseFlaws` saw to that.
 */
export async function readPage(
  subject: string,
  first: number,
  { through = null, shares = 1, places = false, numbers = false }: Reading,
  database: Database,
): Promise<ReadonlyMap<number, Sheet>> {
  const rows = await database.rows(
    subject,
    `SELECT ${shares === 1 ? '0' : `CAST(hash(customer) % ${shares} AS INTEGER)`} AS share, CAST(count(*) AS INTEGER) AS n,
       ${places ? `string_agg(rowid, ' ')` : `''`}, ${numbers ? `string_agg(row, ' ')` : `''`}, string_agg(customer, chr(0)), string_agg("at", ' '),
       ${once('type')}, ${once('event')}, ${once('id')}, string_agg(coalesce(properties, 'null'), ',')
     FROM history WHERE ${within(first)} ${through === null ? '' : `AND "at" <= ${through}`}
     ${shares === 1 ? '' : 'GROUP BY share'} HAVING n > 0`,
  );
  return new Map(rows.map((row) => [Number(row[0]), sheetOf(row)]));
}

/** A column that mostly holds one value. */
const once = (column: string): string =>
  `CASE WHEN min(${column}) = max(${column}) THEN min(${column}) ELSE string_agg(${column}, chr(0)) END`;

function sheetOf(row: readonly Cell[]): Sheet {
  const [places = '', numbers = '', customers = '', instants = '', types = '', events = '', ids = '', properties = ''] =
    row.slice(2).map(String);
  return { rows: Number(row[1]), places, numbers, customers, instants, types, events, ids, properties };
}

function within(first: number): string {
  return `rowid >= ${first} AND rowid < ${first + PAGE_ROWS}`;
}

/** DuckDB takes `NaN`, `Infinity` and a comma too many for JSON: finds the first row of a page that has one. */
export async function refuseLooseJson(
  subject: string,
  places: Places,
  first: number,
  through: Instant | null,
  database: Database,
): Promise<never> {
  const rows = await database.rows(
    subject,
    `SELECT CAST(row AS DOUBLE), properties FROM history
     WHERE ${within(first)} ${through === null ? '' : `AND "at" <= ${through}`} AND properties IS NOT NULL ORDER BY row`,
  );
  const [row, value] = rows.find(([, text]) => parseObjects(String(text)) === null) ?? [];
  const [place = ''] = await places([Number(row)]);
  throw flawedRow(
    `${subject}, ${place}`,
    'properties',
    value,
    'is no JSON; JSON has no NaN, no Infinity and no comma at the end',
  );
}
