import { compatible } from '../predicate/bounds';
import type { CheckedSignal } from '../signals/signals';
import { withAncestors, withDescendants } from './chart';
import type { ChartState, Move } from './chart';
import { leavesOf } from './reach';

/** One step of a cycle: the move, and where it ends. */
export interface Step {
  readonly from: ChartState;
  readonly signal: CheckedSignal;
  readonly move: Move;
  readonly to: ChartState;
}
export type Cycle = readonly Step[];

/** The search ends after so many steps and finds: on large charts it may miss cycles, and never invents one. */
const MAX_STEPS = 20_000;
const MAX_FOUND = 10;

/**
 * Cycles of moves by signals that stay on: with all of them on, a customer would go round for ever, one move at every
 * activity and settle time. Signals that exclude each other (energy below 2, energy above 5) make none, nor do pulses
 * and signals marked `edge`, nor a move into the present state, which is taken when its signal turns on only.
 */
export function signalCycles(root: ChartState, signals: readonly CheckedSignal[]): readonly Cycle[] {
  const lasting = new Map(
    signals.filter(({ signal }) => signal.kind !== 'pulse' && !signal.edge).map((entry) => [entry.signal.name, entry]),
  );
  const leaves = withDescendants(root).filter(({ kind }) => kind === 'atomic');
  const search = new CycleSearch(
    new Map(leaves.map((leaf) => [leaf, stepsFrom(leaf, lasting)])),
    new Map(leaves.map((leaf, index) => [leaf, index])),
  );
  for (const leaf of leaves) search.from(leaf);
  return search.found;
}

function stepsFrom(from: ChartState, lasting: ReadonlyMap<string, CheckedSignal>): readonly Step[] {
  return withAncestors(from).flatMap((state) =>
    state.moves.flatMap((move) => {
      const signal = move.trigger.kind === 'on' ? lasting.get(move.trigger.signal) : undefined;
      if (signal === undefined) return [];
      return leavesOf(move.target)
        .filter((to) => to !== from)
        .map((to) => ({ from, signal, move, to }));
    }),
  );
}

class CycleSearch {
  readonly found: Cycle[] = [];
  private steps = 0;

  constructor(
    private readonly stepsOf: ReadonlyMap<ChartState, readonly Step[]>,
    private readonly order: ReadonlyMap<ChartState, number>,
  ) {}

  /** Finds the cycles whose first state in the source is this one, so that each is found once. */
  from(start: ChartState): void {
    this.extend(start, start, []);
  }

  private extend(start: ChartState, at: ChartState, path: Cycle): void {
    for (const step of this.stepsOf.get(at) ?? []) {
      if (this.steps++ >= MAX_STEPS || this.found.length >= MAX_FOUND) return;
      if (path.some(({ from }) => from === step.to) && step.to !== start) continue;
      if (this.before(step.to, start)) continue;
      if (!path.every(({ signal }) => compatible(signal.bounds, step.signal.bounds))) continue;
      const longer = [...path, step];
      if (step.to === start) this.found.push(longer);
      else this.extend(start, step.to, longer);
    }
  }

  private before(state: ChartState, start: ChartState): boolean {
    return (this.order.get(state) ?? 0) < (this.order.get(start) ?? 0);
  }
}
