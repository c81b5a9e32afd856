/** Decisions of two builds over the same inputs, as bytes. */
import { createHash } from 'node:crypto';

/** What a build decided: how many facts (or other records), and their bytes in order. */
export interface Decided {
  readonly count: number;
  readonly sha256: string;
}

export interface Comparison {
  readonly name: string;
  readonly ours: Decided;
  readonly theirs: Decided;
}

/** Counts and hashes what it is given. */
export class Digest {
  private count = 0;
  private readonly hash = createHash('sha256');

  add(bytes: string | Uint8Array, count: number): void {
    this.hash.update(bytes);
    this.count += count;
  }

  decided(): Decided {
    return { count: this.count, sha256: this.hash.digest('hex') };
  }
}

/** Nothing decided is not the same: it shows nothing. */
export const isEqual = ({ ours, theirs }: Comparison): boolean => ours.count > 0 && ours.sha256 === theirs.sha256;

const HEAD = ['', 'facts', 'SHA-256', ''];

/** The table for people: a row for each that is equal, one for each build for what differs. */
export function describe(
  comparisons: readonly Comparison[],
  names: Readonly<Record<'ours' | 'theirs', string>>,
): string {
  const row = (name: string, { count, sha256 }: Decided, verdict: string): string[] => [
    name,
    count.toLocaleString('en-GB'),
    sha256,
    verdict,
  ];
  const rows = comparisons.flatMap((comparison) =>
    isEqual(comparison)
      ? [row(comparison.name, comparison.ours, 'equal')]
      : [
          row(`${comparison.name}, ${names.ours}`, comparison.ours, 'DIFFERS'),
          row(`${comparison.name}, ${names.theirs}`, comparison.theirs, ''),
        ],
  );
  const all = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  const aligned = (cell: string, column: number): string =>
    column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return all.map((cells) => cells.map(aligned).join('  ').trimEnd()).join('\n');
}
