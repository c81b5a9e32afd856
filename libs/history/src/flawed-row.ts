import { excerpt, InvalidInput } from '@perennial/contracts';
import type { ColumnName } from './columns';

/** A row that was read and is no activity. `place`: file and line, or query and row. */
export function flawedRow(place: string, column: ColumnName, value: unknown, says: string): InvalidInput {
  const shown = typeof value === 'string' && value !== '' ? ` "${excerpt(value, 80)}"` : '';
  return new InvalidInput('HISTORY.FLAWED_ROW', `${place}, column ${column}:${shown} ${says}.`);
}
