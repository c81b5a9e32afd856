/** Times of a history: how SQL reads them from text, how a row states its time, and why a text is none. */
import { BIGINT, type DuckDBConnection, DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api';
import { timeTextFlaw } from '@perennial/contracts';
import { type Instant, type Millis, parseInstant } from '@perennial/values';
import type { FromLocal } from './time-zone';

/** Name of the SQL function that reads an instant from text. */
export const READ_INSTANT = 'read_instant';
/** Name of the SQL function that makes an instant of a local time in milliseconds; there when a zone was given. */
export const FROM_LOCAL = 'from_local';

/** 12 digits: from 1973 on. Fewer are seconds, or dates like 20240501. */
const EPOCH_MS = /^\d{12,15}$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * Gives SQL the one reading of instants from text that the rest of Perennial uses, and epoch milliseconds in digits. With
 * `fromLocal` times without an offset, too, and days, which are their first instant.
 */
export function registerReadInstant(connection: DuckDBConnection, fromLocal: FromLocal | null = null): void {
  register(connection, READ_INSTANT, VARCHAR, (text) =>
    typeof text === 'string' ? (readInstant(text) ?? (fromLocal === null ? null : readLocal(text, fromLocal))) : null,
  );
  if (fromLocal === null) return;
  register(connection, FROM_LOCAL, BIGINT, (local) => (typeof local === 'bigint' ? fromLocal(Number(local)) : null));
}

function register(
  connection: DuckDBConnection,
  name: string,
  parameter: typeof VARCHAR | typeof BIGINT,
  read: (value: unknown) => Instant | null,
): void {
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name,
      parameterTypes: [parameter],
      returnType: BIGINT,
      mainFunction: (_info, input, output) => {
        const values = input.getColumnVector(0);
        for (let row = 0; row < input.rowCount; row += 1) {
          const instant = read(values.getItem(row));
          output.setItem(row, instant === null ? null : BigInt(instant));
        }
        output.flush();
      },
    }),
  );
}

function readInstant(text: string): Instant | null {
  return EPOCH_MS.test(text) ? Number(text) : parseInstant(text);
}

function readLocal(text: string, fromLocal: FromLocal): Instant | null {
  const local: Millis | null = parseInstant(DAY.test(text) ? `${text}T00:00Z` : `${text}Z`);
  return local === null ? null : fromLocal(local);
}

/** How a row states its time, as the column `stating` of the table `history` has it (UTINYINT). */
export const STATING = { utc: 0, offset: 1, zone: 2, typed: 3 } as const;
export type Stating = keyof typeof STATING;

/** SQL, of a text that can be read as a time. Digits alone are milliseconds; an offset stands after the minutes. */
export function statingOf(text: string): string {
  const rest = `substr(${text}, 17)`;
  return (
    `CAST(CASE WHEN right(${text}, 1) IN ('Z', 'z') THEN ${STATING.utc} WHEN NOT contains(${text}, '-') THEN ${STATING.typed} ` +
    `WHEN contains(${rest}, '+') OR contains(${rest}, '-') THEN ${STATING.offset} ELSE ${STATING.zone} END AS UTINYINT)`
  );
}

const WITHOUT_OFFSET = /^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?$/;

/** Why a text is no instant of a history, and the remedy; begins with a verb. `isZoned`: whether `--zone` was given. */
export function instantFlaw(text: string, isZoned: boolean): string {
  if (/^-?\d+(\.\d+)?$/.test(text)) {
    return (
      'is a number, but not of 12 to 15 digits: write whole milliseconds since 1970 (fewer digits are taken for seconds or ' +
      'dates), or RFC 3339 with a zone, such as 2010-12-01T08:26:00Z'
    );
  }
  const flaw = timeTextFlaw(text);
  if (WITHOUT_OFFSET.test(text) && !flaw.startsWith('names'))
    return isZoned
      ? 'is no time of the calendar: write one that is'
      : `${flaw}, or name the zone with --zone Europe/Berlin`;
  return /^\d{4}-|^$/.test(text) ? flaw : `${flaw}, or read it with strptime in a query`;
}
