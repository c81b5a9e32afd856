import { type ChartState, withAncestors, withDescendants } from './chart';

/** All states that a customer can come to be in, given that every signal can come and every time pass. */
export function reachableStates(root: ChartState): ReadonlySet<ChartState> {
  const search = new ReachSearch();
  search.from(root);
  return search.reached;
}

class ReachSearch {
  readonly reached = new Set<ChartState>();
  /** States entered as such, and not only because a state inside them was. */
  private readonly entered = new Set<ChartState>();
  /** States whose shallow history was entered: any child that was active can be entered again, as such. */
  private readonly recalled = new Set<ChartState>();
  private readonly open: ChartState[] = [];

  from(root: ChartState): void {
    for (let target: ChartState | undefined = root; target !== undefined; target = this.open.pop()) {
      this.enterAround(target);
      this.enter(target);
    }
  }

  /** The states around the target of a move, and the parallel states beside it, which are entered with it. */
  private enterAround(state: ChartState): void {
    const { parent } = state;
    if (parent === null) return;
    this.activate(parent);
    if (parent.kind === 'parallel') {
      for (const sibling of entriesOf(parent)) if (sibling !== state) this.enter(sibling);
    }
    this.enterAround(parent);
  }

  private enter(state: ChartState): void {
    if (this.entered.has(state)) return;
    this.entered.add(state);
    this.activate(state);
    // Without a history, a history state leads on like a move.
    if (state.kind === 'history') this.open.push(...entriesOf(state));
    else for (const inside of entriesOf(state)) this.enter(inside);
    if (state.history === 'shallow' && state.parent !== null) this.recall(state.parent);
  }

  private activate(state: ChartState): void {
    if (this.reached.has(state)) return;
    this.reached.add(state);
    this.open.push(...state.moves.map((move) => move.target));
    if (state.parent !== null && this.recalled.has(state.parent)) this.open.push(state);
  }

  private recall(parent: ChartState): void {
    this.recalled.add(parent);
    this.open.push(...[...parent.children.values()].filter((child) => this.reached.has(child)));
  }
}

/** The states inside that are entered with a state. */
function entriesOf(state: ChartState): readonly ChartState[] {
  switch (state.kind) {
    case 'atomic':
    case 'final':
      return [];
    case 'parallel':
      return [...state.children.values()].filter((child) => child.kind !== 'history');
    case 'compound':
      return state.initial === null ? [] : [state.initial];
    case 'history':
      if (state.fallback !== null) return [state.fallback.state];
      return state.parent === null ? [] : entriesOf(state.parent);
  }
}

/** The innermost states that a customer is in after a move to a state, when it has not been there before. */
export function leavesOf(state: ChartState): readonly ChartState[] {
  if (state.kind === 'atomic' || state.kind === 'final') return [state];
  return entriesOf(state).flatMap(leavesOf);
}

/**
 * States that nobody leaves, though they are not `type: final`: top-level states out of which no move leads, neither of their own
 * nor of a state inside them; and innermost states inside another stage with no move of their own nor of a state around them. Parts
 * of parallel states are none: their customers leave by the other parts. History states are none: nobody stays there.
 */
export function statesWithoutWayOut(root: ChartState): readonly ChartState[] {
  return [...root.children.values()].flatMap((stage) => {
    if (!isStayedIn(stage)) return [];
    return isClosed(stage) ? [stage] : withDescendants(stage).filter(isDeadEnd);
  });
}

const isStayedIn = ({ kind }: ChartState): boolean => kind !== 'final' && kind !== 'history';

function isClosed(state: ChartState): boolean {
  const moves = withDescendants(state).flatMap((inside) => inside.moves);
  return moves.every(({ target }) => withAncestors(target).includes(state));
}

function isDeadEnd(state: ChartState): boolean {
  const around = withAncestors(state);
  return state.kind === 'atomic' && around.every(({ kind, moves }) => kind !== 'parallel' && moves.length === 0);
}
