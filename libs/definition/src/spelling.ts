/** Longer names and larger vocabularies get no suggestion: the search stays cheap whatever the input. */
const MAX_LENGTH = 64;
const MAX_CANDIDATES = 200;

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
    if (candidate.length > MAX_LENGTH) continue;
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits >= best) continue;
    best = edits;
    nearest = candidate;
  }
  return nearest;
}

/** Letters to insert, delete, replace or swap with their neighbour to turn one text into the other. */
function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const edits = [cell(last, column) + 1, cell(current, column - 1) + 1, cell(last, column - 1) + (same ? 0 : 1)];
      if (swapped) edits.push(cell(beforeLast, column - 2) + 1);
      current.push(Math.min(...edits));
    }
    beforeLast = last;
    last = current;
  }
  return cell(last, to.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
