/** A line that only one of two texts has, with its number there, from 1. */
export interface LineChange {
  readonly kind: 'removed' | 'added';
  readonly line: number;
  readonly text: string;
}

/** Cells of the table beyond which the middle is taken for different as a whole: 4 MB, some 10 ms. */
const MOST_CELLS = 1_000_000;

/** What makes `after` of `before`, as few lines as possible: those removed before those added in their place. */
export function lineDiff(before: string, after: string): readonly LineChange[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const head = sameAtStart(old, now);
  const tail = sameAtStart(old.slice(head).reverse(), now.slice(head).reverse());
  const [oldMiddle, newMiddle] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  const lengths = oldMiddle.length * newMiddle.length > MOST_CELLS ? null : commonLengths(oldMiddle, newMiddle);
  const changes: LineChange[] = [];
  for (let [i, j] = [0, 0]; i < oldMiddle.length || j < newMiddle.length; ) {
    const [removed, added] = [oldMiddle[i], newMiddle[j]];
    if (lengths !== null && removed !== undefined && removed === added) [i, j] = [i + 1, j + 1];
    else if (
      removed !== undefined &&
      (added === undefined || lengths === null || lengths(i + 1, j) >= lengths(i, j + 1))
    )
      changes.push({ kind: 'removed', line: head + ++i, text: removed });
    else if (added !== undefined) changes.push({ kind: 'added', line: head + ++j, text: added });
  }
  return changes;
}

function sameAtStart(a: readonly string[], b: readonly string[]): number {
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  return same;
}

/** How many lines the longest common subsequence of the two has from line `i` of the one and `j` of the other on. */
function commonLengths(a: readonly string[], b: readonly string[]): (i: number, j: number) => number {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return at;
}
