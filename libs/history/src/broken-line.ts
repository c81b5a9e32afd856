import { excerpt, InvalidInput } from '@perennial/contracts';

export const NOT_UTF8 = 'is not text in UTF-8; save the file as UTF-8, and unpack it if it is compressed';

/** A line of a text file that cannot be read: what is wrong and the remedy, and how it begins (at most 300 characters). */
export function brokenLine(name: string, line: number, says: string, shown: Buffer | null = null): InvalidInput {
  const beginning = shown === null ? '' : `: ${excerpt(shown.subarray(0, 4 * 300).toString('utf8'))}`;
  return new InvalidInput('HISTORY.BROKEN_LINE', `${name}, line ${line} ${says}${beginning}`);
}
