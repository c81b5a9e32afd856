/** What a history consists of, before anything is done with it. */
import type { ActivityType } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import type { Database } from './duckdb';
import { STATING, type Stating } from './read-instant';

/** How the rows state their times. */
export interface StatedZones {
  /** With `Z`. */
  readonly utc: number;
  /** With an offset such as `+01:00`. */
  readonly offset: number;
  /** Without either: read in the zone that was given. */
  readonly zone: number;
  /** As milliseconds since 1970, TIMESTAMPTZ, or, without a zone, DATE and TIMESTAMP (UTC). */
  readonly typed: number;
}

export interface EventCount {
  readonly type: ActivityType;
  /** Null for types without event names. */
  readonly event: string | null;
  readonly rows: number;
}

export interface HistorySurvey {
  readonly rows: number;
  readonly customers: number;
  /** Null when there is no row. */
  readonly oldest: Instant | null;
  readonly newest: Instant | null;
  readonly zones: StatedZones;
  /** The {@link MOST_EVENTS} most frequent, in the order of frequency, then of name. */
  readonly events: readonly EventCount[];
  /** Those beyond: how many names, and their rows. */
  readonly otherEvents: { readonly names: number; readonly rows: number };
  /** Rows whose customer and id are those of an earlier row. */
  readonly repeats: number;
  readonly withoutId: number;
}

export const MOST_EVENTS = 1_000;

/** Types other than `track` have no event name, whatever the input says. */
const NAMES = `SELECT type, CASE WHEN type = 'track' THEN event ELSE '' END AS name, count(*) AS n FROM history GROUP BY ALL`;
const IDS = `SELECT DISTINCT customer, id FROM history WHERE id <> ''`;
const counted = (what: string): string => `CAST(${what} AS DOUBLE)`;
const stated = (how: Stating): string => counted(`count(*) FILTER (stating = ${STATING[how]})`);

/** Aggregates run in DuckDB: memory stays within its limit, whatever the number of rows. */
export async function surveyOf(subject: string, database: Database): Promise<HistorySurvey> {
  const numbers = async (sql: string): Promise<readonly number[]> =>
    ((await database.rows(subject, sql))[0] ?? []).map(Number);
  const [rows = 0, withoutId = 0, utc = 0, offset = 0, zone = 0, typed = 0] = await numbers(
    `SELECT ${counted('count(*)')}, ${counted(`count(*) FILTER (id = '')`)},
       ${stated('utc')}, ${stated('offset')}, ${stated('zone')}, ${stated('typed')} FROM history`,
  );
  const [oldest = 0, newest = 0] = await numbers(
    `SELECT ${counted('min("at")')}, ${counted('max("at")')} FROM history`,
  );
  const [customers = 0] = await numbers(`SELECT ${counted('count(*)')} FROM (SELECT DISTINCT customer FROM history)`);
  const [ids = 0] = await numbers(`SELECT ${counted('count(*)')} FROM (${IDS})`);
  const [names = 0] = await numbers(`SELECT ${counted('count(*)')} FROM (${NAMES})`);
  const frequent = await database.rows(
    subject,
    `SELECT type, name, ${counted('n')} FROM (${NAMES}) ORDER BY n DESC, type, name LIMIT ${MOST_EVENTS}`,
  );
  const events = frequent.map(([type, name, n]) => ({
    type: String(type) as ActivityType,
    event: type === 'track' ? String(name) : null,
    rows: Number(n),
  }));
  const listed = events.reduce((sum, event) => sum + event.rows, 0);
  return {
    rows,
    customers,
    oldest: rows === 0 ? null : oldest,
    newest: rows === 0 ? null : newest,
    zones: { utc, offset, zone, typed },
    events,
    otherEvents: { names: names - events.length, rows: rows - listed },
    repeats: rows - withoutId - ids,
    withoutId,
  };
}

/** Order counts by `rowid`. No value contains the separator; `refuseFlaws` saw to that. */
const ROW = `concat_ws(chr(0), rowid, row, customer, "at", type, event, id, coalesce(properties, 'null'))`;

/**
 * A hash over all rows, in order, as they are handed out: MD5 of the rows' MD5 put together by XOR, and of their number. It tells
 * one input from another; it does not withstand who makes inputs to this end. 32 hexadecimal digits.
 */
export async function fingerprintOf(subject: string, database: Database): Promise<string> {
  const sql = `SELECT md5(concat_ws(' ', count(*), coalesce(bit_xor(md5_number(${ROW})), 0))) FROM history`;
  const [[fingerprint = ''] = []] = await database.rows(subject, sql);
  return String(fingerprint);
}
