import { intersect, possible } from '../predicate/bounds';
import type { Bounds } from '../predicate/bounds';
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
type Cycle = readonly Step[];

/** The search ends after so many steps and finds: on large charts it may miss cycles, and never invents one. */
const MAX_STEPS = 20_000;
const MAX_FOUND = 10;

/**
 * Cycles of moves by signals that stay on: with all of them on, a customer would go round for ever, one move at every
 * activity and settle time. Signals that exclude each other (energy below 2, energy above 5) make none, nor do pulses
 * and signals marked `edge`, nor a move into the present state, which is taken when its signal turns on only.
 */
export function signalCycles(root: ChartState, signals: readonly CheckedSignal[]): readonly Cycle[] {
  const leaves = withDescendants(root).filter(({ kind }) => kind === 'atomic');
  const search = new CycleSearch(new LastingMoves(signals), new Map(leaves.map((leaf, index) => [leaf, index])));
  for (const leaf of leaves) search.from(leaf);
  return search.found;
}

/** The moves by signals that stay on; listed one by one as the search asks, since there can be leaves × moves × leaves. */
class LastingMoves {
  private readonly lasting: ReadonlyMap<string, CheckedSignal>;
  private readonly movesOf = new Map<ChartState, readonly (readonly [Move, CheckedSignal])[]>();
  private readonly leavesOf = new Map<ChartState, readonly ChartState[]>();

  constructor(signals: readonly CheckedSignal[]) {
    const lasting = signals.filter(({ signal }) => signal.kind !== 'pulse' && !signal.edge);
    this.lasting = new Map(lasting.map((entry) => [entry.signal.name, entry]));
  }

  *stepsFrom(from: ChartState): Generator<Step> {
    for (const state of withAncestors(from)) {
      for (const [move, signal] of remembered(this.movesOf, state, (each) => this.lastingOf(each))) {
        for (const to of remembered(this.leavesOf, move.target, leavesOf)) {
          if (to !== from) yield { from, signal, move, to };
        }
      }
    }
  }

  private lastingOf({ moves }: ChartState): readonly (readonly [Move, CheckedSignal])[] {
    return moves.flatMap((move) => {
      const signal = move.trigger.kind === 'on' ? this.lasting.get(move.trigger.signal) : undefined;
      return signal === undefined ? [] : [[move, signal] as const];
    });
  }
}

function remembered<T>(known: Map<ChartState, T>, state: ChartState, find: (state: ChartState) => T): T {
  const found = known.get(state);
  if (found !== undefined) return found;
  const value = find(state);
  known.set(state, value);
  return value;
}

class CycleSearch {
  readonly found: Cycle[] = [];
  private readonly onPath = new Set<ChartState>();
  private steps = 0;

  constructor(
    private readonly moves: LastingMoves,
    private readonly order: ReadonlyMap<ChartState, number>,
  ) {}

  /** Finds the cycles whose first state in the source is this one, so that each is found once. */
  from(start: ChartState): void {
    this.extend(start, start, [], new Map());
  }

  /** `bounds`: what all signals of the path together say of the profile. */
  private extend(start: ChartState, at: ChartState, path: Cycle, bounds: Bounds): void {
    this.onPath.add(at);
    for (const step of this.moves.stepsFrom(at)) {
      if (this.steps++ >= MAX_STEPS || this.found.length >= MAX_FOUND) break;
      if (this.onPath.has(step.to) && step.to !== start) continue;
      if (this.before(step.to, start)) continue;
      const together = intersect(bounds, step.signal.bounds);
      if (!possible(together)) continue;
      const longer = [...path, step];
      if (step.to === start) this.found.push(longer);
      else this.extend(start, step.to, longer, together);
    }
    this.onPath.delete(at);
  }

  private before(state: ChartState, start: ChartState): boolean {
    return (this.order.get(state) ?? 0) < (this.order.get(start) ?? 0);
  }
}
