import { excerpt, InvalidInput } from '@perennial/values';

/** What is wrong with a row that was read and is no activity. `column`: as the input calls it. */
export function rowFlaw(column: string, value: unknown, says: string): string {
  const shown = typeof value === 'string' && value !== '' ? ` "${excerpt(value, 80)}"` : '';
  return `column ${excerpt(column, 80)}:${shown} ${says}`;
}

/** `place`: file and line, or query and row. */
export function flawedRow(place: string, column: string, value: unknown, says: string): InvalidInput {
  return new InvalidInput('HISTORY.FLAWED_ROW', `${place}, ${rowFlaw(column, value, says)}.`);
}
