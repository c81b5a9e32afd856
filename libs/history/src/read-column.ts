import { excerpt, InvalidInput } from '@perennial/values';
import type { ColumnName, Columns } from './columns';
import { FROM_LOCAL, READ_INSTANT } from './read-instant';

const TEXT = /^(VARCHAR|UUID|ENUM\(.*\))$/s;
const INTEGER = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/;
const POINT_IN_TIME = /^(DATE|TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?)$/;
const WITH_ZONE = 'TIMESTAMP WITH TIME ZONE';
/** INTEGER is the type of a bare NULL; numbers are refused row by row. */
const JSON_TEXT = /^(VARCHAR|JSON|INTEGER)$/;
const OBJECT = /^(STRUCT|MAP)\(.*\)$/s;

/** `2024-05-01T10:00:00Z` and with milliseconds: what DuckDB reads exactly as `parseInstant` does, and much faster. */
const PLAIN_INSTANT = String.raw`[12]\d{3}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{3})?Z`;
/** `2024-05-01 10:00`, `2024-05-01T10:00:00` and with milliseconds: the same for local times. */
const PLAIN_LOCAL = String.raw`[12]\d{3}-\d\d-\d\d[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{3})?)?`;
/** Whole numbers before 1973-03-03T09:46:40Z are not taken for milliseconds: they are seconds, or dates like 20240501. */
const EARLIEST_EPOCH_MS = 100_000_000_000;

/** Whether values of a type are read one by one, as text. */
export const isText = (type: string): boolean => TEXT.test(type);

/** Whether values of a type are points in time without a zone. */
export const isLocal = (type: string): boolean => POINT_IN_TIME.test(type) && type !== WITH_ZONE;

/** What reads a column must know of the input. */
export interface ReadingOfColumns {
  readonly columns: Columns;
  /** What a column is called in the input. */
  readonly nameOf: (name: ColumnName) => string;
  /** Whether a zone was given for times without one. */
  readonly isZoned: boolean;
}

/** SQL that reads one column: text, milliseconds since 1970 (`timestamp`) or JSON text (`properties`); null when unreadable. */
export function readColumn(subject: string, name: ColumnName, reading: ReadingOfColumns): string {
  const type = reading.columns.get(name);
  if (type === undefined) return 'NULL::VARCHAR';
  const refused = (wanted: string): never => refuse(subject, name, reading.nameOf(name), type, wanted);
  switch (name) {
    case 'timestamp':
      return readInstant(type, reading.isZoned) ?? refused('TIMESTAMP');
    case 'properties':
      return readObject(type) ?? refused('JSON');
    default:
      return readText(name, type) ?? refused('VARCHAR');
  }
}

function readText(name: ColumnName, type: string): string | null {
  return TEXT.test(type) || INTEGER.test(type) ? `CAST("${name}" AS VARCHAR)` : null;
}

function readInstant(type: string, isZoned: boolean): string | null {
  if (POINT_IN_TIME.test(type)) {
    const milliseconds = 'epoch_ms(TRY_CAST("timestamp" AS TIMESTAMP))';
    return isZoned && isLocal(type) ? `${FROM_LOCAL}(${milliseconds})` : milliseconds;
  }
  if (INTEGER.test(type)) {
    return `CASE WHEN "timestamp" >= ${EARLIEST_EPOCH_MS} THEN TRY_CAST("timestamp" AS BIGINT) END`;
  }
  if (!TEXT.test(type)) return null;
  const text = 'CAST("timestamp" AS VARCHAR)';
  const milliseconds = `epoch_ms(TRY_CAST(${text} AS TIMESTAMP))`;
  const local = isZoned ? `WHEN regexp_full_match(${text}, '${PLAIN_LOCAL}') THEN ${FROM_LOCAL}(${milliseconds}) ` : '';
  return (
    `CASE WHEN regexp_full_match(${text}, '${PLAIN_INSTANT}') THEN ${milliseconds} ${local}` +
    `ELSE ${READ_INSTANT}(${text}) END`
  );
}

function readObject(type: string): string | null {
  if (JSON_TEXT.test(type)) return 'CAST("properties" AS VARCHAR)';
  return OBJECT.test(type) ? 'CAST(to_json("properties") AS VARCHAR)' : null;
}

function refuse(subject: string, name: ColumnName, inputName: string, type: string, wanted: string): never {
  const cast = `CAST(… AS ${wanted}) AS "${inputName}"`;
  throw new InvalidInput(
    'HISTORY.COLUMN_TYPE',
    `${subject}: column ${excerpt(inputName, 80)} is ${type}, which is not read as ${name}; cast it in a query: ${excerpt(cast, 120)}.`,
  );
}
