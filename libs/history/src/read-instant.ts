import type { DuckDBConnection } from '@duckdb/node-api';
import { BIGINT, DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api';
import { parseInstant } from '@perennial/contracts';

/** Name of the SQL function that reads an instant from text. */
export const READ_INSTANT = 'read_instant';

/** 12 digits: from 1973 on. Fewer are seconds, or dates like 20240501. */
const EPOCH_MS = /^\d{12,15}$/;

/** Gives SQL the one reading of instants from text that the rest of Perennial uses, and epoch milliseconds in digits. */
export function registerReadInstant(connection: DuckDBConnection): void {
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: READ_INSTANT,
      parameterTypes: [VARCHAR],
      returnType: BIGINT,
      mainFunction: (_info, input, output) => {
        const texts = input.getColumnVector(0);
        for (let row = 0; row < input.rowCount; row += 1) {
          const instant = readInstant(texts.getItem(row));
          output.setItem(row, instant === null ? null : BigInt(instant));
        }
        output.flush();
      },
    }),
  );
}

function readInstant(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  return EPOCH_MS.test(text) ? Number(text) : parseInstant(text);
}
