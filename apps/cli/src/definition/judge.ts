import { InvalidInput } from '@perennial/values';
import type { CompiledDefinition } from '@perennial/definition';
import { newestOf, type Version } from './versions';

/** `publish`: it can be sent; `in-service`: every partition has this very text already. */
export type Judged = 'publish' | 'in-service';

type Candidate = Pick<CompiledDefinition, 'name' | 'version' | 'source'>;

const SHOWN_CHANGES = 40;

/**
 * Whether a definition may follow what a tenant has in service, by the rules that the engine keeps (`Tenants.publish`). Throws
 * `InvalidInput` with the remedy when it may not.
 */
export function judge(candidate: Candidate, versions: readonly Version[], partitions: number): Judged {
  const newest = newestOf(versions);
  if (newest === null) return 'publish';
  const { name, version, source } = candidate;
  if (newest.name !== name) throw otherName(candidate, newest);
  const taken = versions.find((one) => one.version === version && one.source !== source);
  if (taken !== undefined) throw versionTaken(candidate, taken, newest);
  if (version < newest.version) throw versionBehind(candidate, versions, newest);
  return newest.source === source && newest.partitions === partitions ? 'in-service' : 'publish';
}

function otherName({ name }: Candidate, newest: Version): InvalidInput {
  return new InvalidInput(
    'DEFINITION.OTHER_NAME',
    `The tenant has ${newest.name} version ${newest.version} in service, and a tenant has one definition: ${name} cannot follow it. ` +
      `Set \`name: ${newest.name}\` and \`version: ${newest.version + 1}\`, or publish it for a tenant of its own with --tenant.`,
  );
}

function versionTaken({ name, version, source }: Candidate, taken: Version, newest: Version): InvalidInput {
  const changes = lineDiff(taken.source, source);
  const more = changes.length > SHOWN_CHANGES ? [`  … and ${changes.length - SHOWN_CHANGES} lines more`] : [];
  return new InvalidInput(
    'DEFINITION.VERSION_TAKEN',
    [
      `${name} version ${version} is published already with another text, and what is published stays as it is. The difference (- published, + yours):`,
      ...changes.slice(0, SHOWN_CHANGES).map(lineOf),
      ...more,
      `Set \`version: ${newest.version + 1}\` and publish again.`,
    ].join('\n'),
  );
}

const lineOf = ({ kind, line, text }: ReturnType<typeof lineDiff>[number]): string =>
  `  ${kind === 'removed' ? '-' : '+'} ${String(line).padStart(4)}  ${text}`;

function versionBehind(
  { name, version, source }: Candidate,
  versions: readonly Version[],
  newest: Version,
): InvalidInput {
  const again = versions.some((one) => one.source === source);
  return new InvalidInput(
    'DEFINITION.VERSION_BEHIND',
    `${name} version ${version} ${again ? 'was published before' : 'was never published'}, and version ${newest.version} is in service: ` +
      `to put these rules into service, set \`version: ${newest.version + 1}\` and publish again.`,
  );
}

/** A line that only one of two texts has, with its number there, from 1. */
interface LineChange {
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
