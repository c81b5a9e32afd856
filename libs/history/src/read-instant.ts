import { type DuckDBConnection, BIGINT, DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api';
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
