import { ACTIVITY_TYPES } from '@perennial/contracts';
import { InvalidInput, InvariantViolation } from '@perennial/values';
import type { ColumnName } from './columns';
import type { Database } from './duckdb';
import { rowFlaw } from './refusals';
import { instantFlaw, STATING } from './read-instant';
import type { ReadingOfColumns } from './read-column';
import type { Places } from './relation';

/** What may be wrong with a row that was read: `when` is SQL over the columns of {@link loadHistory}. */
interface Flaw {
  readonly column: ColumnName;
  readonly when: string;
  /** Of the value, where it depends on that. */
  readonly says: string | ((value: string, isZoned: boolean) => string);
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
/** Compared one by one: of `IN (…)` DuckDB makes a join, which tells no progress. */
const ofNoType = ACTIVITY_TYPES.map((type) => `type <> '${type}'`).join(' AND ');

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
  { column: 'type', when: ofNoType, says: `is none of ${ACTIVITY_TYPES.join(', ')}` },
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

/** So many are told of; the others are counted. */
const TOLD = 3;
/** A time that a zone would make readable. */
const WITHOUT_OFFSET = String.raw`\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?`;

/** Throws `InvalidInput` for flawed rows, before any activity is handed out: how many there are, and the first of them. */
export async function refuseFlaws(
  subject: string,
  places: Places,
  { nameOf, isZoned }: Pick<ReadingOfColumns, 'nameOf' | 'isZoned'>,
  database: Database,
): Promise<void> {
  const first = await database.rows(
    subject,
    `SELECT CAST(row AS DOUBLE), flaw, offending FROM history WHERE flaw IS NOT NULL ORDER BY row LIMIT ${TOLD}`,
  );
  if (first.length === 0) return;
  const where = await places(first.map(([row]) => Number(row)));
  const said = first.map(([, index, value], nth) => {
    const { column, says } = flawAt(Number(index));
    const text = typeof says === 'string' ? says : says(String(value), isZoned);
    return `${where[nth] ?? ''}, ${rowFlaw(nameOf(column), value, text)}`;
  });
  const counts = await countsOf(subject, database);
  throw new InvalidInput('HISTORY.FLAWED_ROW', refusal(subject, said, counts));
}

function flawAt(index: number): Flaw {
  const flaw = FLAWS[index];
  if (flaw !== undefined) return flaw;
  throw new InvariantViolation('HISTORY.FLAW', `There is no flaw ${index}; the statement that found it is wrong.`);
}

interface Counts {
  readonly rows: number;
  readonly flawed: number;
  /** Flawed rows whose time lacks an offset, and good rows that state one. */
  readonly without: number;
  readonly offsets: number;
}

async function countsOf(subject: string, database: Database): Promise<Counts> {
  const isTime = `flaw IN (${FLAWS.flatMap(({ column }, index) => (column === 'timestamp' ? [index] : [])).join(', ')})`;
  const [[rows = 0, flawed = 0, without = 0, offsets = 0] = []] = await database.rows(
    subject,
    `SELECT CAST(count(*) AS DOUBLE), CAST(count(flaw) AS DOUBLE),
       CAST(count(*) FILTER (${isTime} AND regexp_full_match(offending, '${WITHOUT_OFFSET}')) AS DOUBLE),
       CAST(count(*) FILTER (flaw IS NULL AND stating IN (${STATING.utc}, ${STATING.offset})) AS DOUBLE)
     FROM history`,
  );
  return { rows: Number(rows), flawed: Number(flawed), without: Number(without), offsets: Number(offsets) };
}

function refusal(subject: string, said: readonly string[], { rows, flawed, without, offsets }: Counts): string {
  const [only = ''] = said;
  if (flawed === 1) return `${subject}, ${only}.`;
  const beginning = flawed > said.length ? `. The first ${said.length}:` : ':';
  const mixed =
    without > 0 && offsets > 0
      ? [
          `${without} of them state a time without an offset, ${offsets} others state one, and keep it: --zone is for the former.`,
        ]
      : [];
  return [
    `${subject}: ${flawed} of ${rows} rows cannot be read, so none is taken${beginning}`,
    ...[...said.map((text) => `${text}.`), ...mixed].map((text) => `  ${text}`),
  ].join('\n');
}
