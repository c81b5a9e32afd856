/** Lines and rows of an input that cannot be read: what is said of them. */
import { excerpt, InvalidInput } from '@perennial/values';

export const NOT_UTF8 = 'is not text in UTF-8; save the file as UTF-8, and unpack it if it is compressed';

/** So many are told of; the others are counted. */
const TOLD = 3;

/** Lines of a text file that cannot be read. */
export class BrokenLines {
  private count = 0;
  private readonly first: { readonly line: number; readonly says: string; readonly shown: Buffer }[] = [];

  constructor(private readonly name: string) {}

  add(line: number, says: string, shown: Buffer): void {
    this.count += 1;
    if (this.first.length < TOLD) this.first.push({ line, says, shown });
  }

  /** Throws `InvalidInput` when there are some: how many of `total`, and the first of them. */
  refuse(total: number): void {
    const [only] = this.first;
    if (only === undefined) return;
    if (this.count === 1) throw brokenLine(this.name, only.line, only.says, only.shown);
    const beginning = this.count > TOLD ? `. The first ${TOLD}:` : ':';
    const told = this.first.map(({ line, says, shown }) => `  line ${line} ${says}: ${beginningOf(shown, 80)}`);
    const head = `${this.name}: ${this.count} of ${total} lines cannot be read, so none is taken${beginning}`;
    throw new InvalidInput('HISTORY.BROKEN_LINE', [head, ...told].join('\n'));
  }
}

/** A line of a text file that cannot be read: what is wrong and the remedy, and how it begins (at most 300 characters). */
export function brokenLine(name: string, line: number, says: string, shown: Buffer | null = null): InvalidInput {
  const beginning = shown === null ? '' : `: ${beginningOf(shown, 300)}`;
  return new InvalidInput('HISTORY.BROKEN_LINE', `${name}, line ${line} ${says}${beginning}`);
}

const beginningOf = (bytes: Buffer, characters: number): string =>
  excerpt(bytes.subarray(0, 4 * characters).toString('utf8'), characters);

/** What is wrong with a row that was read and is no activity. `column`: as the input calls it. */
export function rowFlaw(column: string, value: unknown, says: string): string {
  const shown = typeof value === 'string' && value !== '' ? ` "${excerpt(value, 80)}"` : '';
  return `column ${excerpt(column, 80)}:${shown} ${says}`;
}

/** `place`: file and line, or query and row. */
export function flawedRow(place: string, column: string, value: unknown, says: string): InvalidInput {
  return new InvalidInput('HISTORY.FLAWED_ROW', `${place}, ${rowFlaw(column, value, says)}.`);
}
