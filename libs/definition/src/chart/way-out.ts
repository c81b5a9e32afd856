import { withAncestors, withDescendants } from './chart';
import type { ChartState } from './chart';

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
