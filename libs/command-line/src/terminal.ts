import { printable } from '@perennial/values';

/**
 * Where a command writes. Results go to stdout, everything else to stderr. Text for people is made safe here, and only here:
 * what others have written (ids, names, errors) cannot act on the terminal, nor begin a line of its own.
 */
export interface Terminal {
  /** Lines of the result for people; what breaks a line within one is escaped. */
  readonly out: (...lines: readonly string[]) => void;
  /** One line of JSON for machines: what a terminal would act on is written as an escape of JSON, so it reads as the same. */
  readonly json: (line: string) => void;
  /** A text of others byte for byte, for files and pipes; where stdout is a terminal, its lines are made safe. */
  readonly text: (text: string) => void;
  /** Lines for people that are no result. */
  readonly say: (...lines: readonly string[]) => void;
}

/** A terminal that writes lines, each with its end. `isScreen`: people see what is written to stdout. */
export function createTerminal(
  stdout: (text: string) => void,
  stderr: (text: string) => void,
  isScreen = false,
): Terminal {
  return {
    out: (...lines) => {
      stdout(shown(lines));
    },
    json: (line) => {
      stdout(`${printable(line)}\n`);
    },
    text: (text) => {
      stdout(isScreen ? shown(text.replace(/\n$/, '').split(/\r?\n/)) : text);
    },
    say: (...lines) => {
      stderr(shown(lines));
    },
  };
}

const shown = (lines: readonly string[]): string => lines.map((line) => `${printable(line)}\n`).join('');

export const terminal = createTerminal(
  (text) => process.stdout.write(text),
  (text) => process.stderr.write(text),
  process.stdout.isTTY,
);

/** Pads the cells of each column to its width; the last column is not padded. A line for each row. */
export function inColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const last = Math.max(0, ...rows.map((row) => row.length - 1));
  const widths = Array.from({ length: last }, (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}
