import { ACTIVITY_TYPES } from '@perennial/contracts';
import type { ColumnName } from './columns';
import type { Database } from './duckdb';
import { flawedRow } from './flawed-row';
import { instantFlaw } from './instant-flaw';
import type { Place } from './relation';

/** What may be wrong with a row that was read: `when` is SQL over the columns of {@link loadHistory}. */
interface Flaw {
  readonly column: ColumnName;
  readonly when: string;
  /** Of the value, where it depends on that. */
  readonly says: string | ((value: string) => string);
}

/** From the year 0001 on, what an instant can be written as. */
const WRITABLE = '"at" >= -62135596800000';
/** 9000-01-01: later deadlines are written with four digits of the year, too. */
const TOO_LATE = '"at" >= 221845392000000';
/** As the activity topic takes it, in UTF-16 code units. */
const LONGEST_TEXT = 256;
/** Asked only of what has more bytes than that. */
const units = (text: string): string =>
  String.raw`length(${text}) + length(regexp_replace(${text}, '[^\x{10000}-\x{10FFFF}]', '', 'g'))`;
const types = ACTIVITY_TYPES.map((type) => `'${type}'`).join(', ');

/** What no text of the activity topic may be. */
function unfit(column: ColumnName, text: string): readonly Flaw[] {
  return [
    {
      column,
      when: `strlen(${text}) > ${LONGEST_TEXT} AND ${units(text)} > ${LONGEST_TEXT}`,
      says: `is longer than ${LONGEST_TEXT} characters; shorten it`,
    },
    {
      column,
      when: `contains(${text}, chr(0))`,
      says: 'contains the character U+0000, which PostgreSQL cannot store; remove it',
    },
  ];
}

/** JSON in which halves of surrogate pairs stand for a character: JSON.parse takes them, as of live activity, DuckDB does not. */
const WHOLE = String.raw`regexp_replace(properties, '\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\ufffd', 'g')`;
const isObject = (json: string): string => `json_type(${json}) IN ('OBJECT', 'NULL')`;

/** In the order in which they are looked for. */
const FLAWS: readonly Flaw[] = [
  { column: 'customerId', when: `coalesce(customer, '') = ''`, says: 'is empty; every activity is about a customer' },
  ...unfit('customerId', 'customer'),
  { column: 'timestamp', when: 'stated IS NULL', says: 'is empty; every activity has a time' },
  {
    column: 'timestamp',
    when: `NOT coalesce(${WRITABLE}, false)`,
    says: instantFlaw,
  },
  {
    column: 'timestamp',
    when: TOO_LATE,
    says: 'is later than the year 8999; leave out times that stand for "never"',
  },
  { column: 'type', when: `type NOT IN (${types})`, says: `is none of ${ACTIVITY_TYPES.join(', ')}` },
  {
    column: 'event',
    when: `type = 'track' AND coalesce(event, '') = ''`,
    says: 'is empty; an activity of type track has a name',
  },
  ...unfit('event', 'event'),
  ...unfit('id', 'id'),
  {
    column: 'properties',
    when:
      `NOT CASE WHEN json_valid(properties) THEN ${isObject('properties')} ` +
      `WHEN json_valid(${WHOLE}) THEN ${isObject(WHOLE)} ELSE properties IS NULL END`,
    says: 'is no JSON object; write for example {"total": 12.5}, or leave it empty',
  },
];
const VALUES: Readonly<Record<ColumnName, string>> = {
  customerId: 'customer',
  timestamp: 'CAST(stated AS VARCHAR)',
  event: 'event',
  type: 'type',
  id: 'id',
  properties: 'properties',
};

/** SQL: the index of a row's first flaw; null when it has none. */
export const FLAW = `CASE ${FLAWS.map(({ when }, index) => `WHEN ${when} THEN ${index}`).join(' ')} END`;
/** SQL: the value that is flawed, shortened, for the row's `flaw`. */
export const OFFENDING = `CASE flaw ${FLAWS.map(({ column }, index) => `WHEN ${index} THEN left(${VALUES[column]}, 80)`).join(' ')} END`;

/** Throws `InvalidInput` for the first flawed row, before any activity is handed out. */
export async function refuseFlaws(subject: string, place: Place, database: Database): Promise<void> {
  const sql = 'SELECT CAST(row AS INTEGER), flaw, offending FROM history WHERE flaw IS NOT NULL ORDER BY row LIMIT 1';
  const [found] = await database.rows(subject, sql);
  const flaw = FLAWS[Number(found?.[1] ?? NaN)];
  if (found === undefined || flaw === undefined) return;
  const value = found[2] ?? null;
  const says = typeof flaw.says === 'string' ? flaw.says : flaw.says(String(value));
  throw flawedRow(await place(Number(found[0])), flaw.column, value, says);
}
