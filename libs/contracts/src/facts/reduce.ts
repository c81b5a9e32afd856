import type { StageChanged } from './fact';

/** What holds after corrections. */
export interface Reduced {
  /** The moves in effect, oldest first: by `occurredAt`, then `sequence`. */
  readonly moves: readonly StageChanged[];
  /** Where the last move of the stage region led; null before the first. */
  readonly stage: string | null;
}

const STAGE_REGION = 'stage';

/**
 * Folds the stage-changed facts of one customer and cycle, in any order, repeats allowed, into the moves in effect.
 * A correction counts once its whole group is there: then what it replaces is dropped for good, and facts that only retract
 * are dropped too. Until then what it replaces stays in effect, and the group's facts are left out.
 */
export function reduce(facts: readonly StageChanged[]): Reduced {
  const bySequence = new Map(facts.map((fact) => [fact.sequence, fact]));
  const complete = completeGroups([...bySequence.values()]);
  const counted = [...bySequence.values()].filter((fact) => isCounted(fact, complete));
  const replaced = new Set(counted.flatMap((fact) => fact.correction?.replaces ?? []));
  const moves = counted.filter((fact) => fact.correction?.retracted !== true && !replaced.has(fact.sequence));
  moves.sort((a, b) => compareText(a.occurredAt, b.occurredAt) || a.sequence - b.sequence);
  return { moves, stage: moves.findLast((move) => move.region === STAGE_REGION)?.to ?? null };
}

function completeGroups(facts: readonly StageChanged[]): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const complete = new Set<string>();
  for (const { correction } of facts) {
    if (correction === null) continue;
    const count = (seen.get(correction.group) ?? 0) + 1;
    seen.set(correction.group, count);
    if (count === correction.of) complete.add(correction.group);
  }
  return complete;
}

function isCounted({ correction }: StageChanged, complete: ReadonlySet<string>): boolean {
  return correction === null || complete.has(correction.group);
}

/** Instants of facts all have one width and zone, so their text sorts as they do. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
