/** Longer names and larger vocabularies get no suggestion: the search stays cheap whatever the input. */
const MAX_LENGTH = 64;
const MAX_CANDIDATES = 200;
/** More edits than names have letters. */
const FAR = 2 * MAX_LENGTH;

/** ` Did you mean "x"?` for the candidate that is nearest to a misspelt name, or nothing when none is near. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const nearest = closest(name, candidates);
  return nearest === null ? '' : ` Did you mean "${nearest}"?`;
}

function closest(name: string, candidates: readonly string[]): string | null {
  if (name.length > MAX_LENGTH || candidates.length > MAX_CANDIDATES) return null;
  let nearest: string | null = null;
  let best = Math.floor(name.length / 3) + 1;
  for (const candidate of candidates) {
    if (candidate.length > MAX_LENGTH || Math.abs(candidate.length - name.length) >= best) continue;
    const edits = distance(name.toLowerCase(), candidate.toLowerCase(), best);
    if (edits >= best) continue;
    best = edits;
    nearest = candidate;
  }
  return nearest;
}

/**
 * Letters to insert, delete, replace or swap with their neighbour to turn one text into the other; `limit` when it takes
 * that many or more.
 */
function distance(from: string, to: string, limit: number): number {
  let [beforeLast, last, current] = [rowOf(to), rowOf(to), rowOf(to)];
  for (let row = 1; row <= from.length; row++) {
    current[0] = row;
    let least = row;
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      let edits = smaller(cell(last, column), cell(current, column - 1)) + 1;
      edits = smaller(edits, cell(last, column - 1) + (same ? 0 : 1));
      if (swapped) edits = smaller(edits, cell(beforeLast, column - 2) + 1);
      current[column] = edits;
      least = smaller(least, edits);
    }
    if (least > limit) return limit;
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  return smaller(cell(last, to.length), limit);
}

/** Edits from nothing to each beginning of a text. */
function rowOf(text: string): number[] {
  return Array.from({ length: text.length + 1 }, (_, column) => column);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? FAR;
}

function smaller(a: number, b: number): number {
  return a < b ? a : b;
}
