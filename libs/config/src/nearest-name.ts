/** The name within `distance` edits (insert, delete, replace) of `name` that is nearest to it; null when none is. */
export function nearestName(name: string, names: Iterable<string>, distance = 2): string | null {
  let best: string | null = null;
  let least = distance;
  for (const candidate of names) {
    const edits = editDistance(name, candidate);
    if (edits > least || (edits === least && best !== null)) continue;
    best = candidate;
    least = edits;
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
