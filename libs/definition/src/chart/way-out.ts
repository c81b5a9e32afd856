import { withAncestors, withDescendants } from './chart';
import type { ChartState } from './chart';

/**
 * Top-level states that nobody leaves, though they are not `type: final`: no move of theirs, nor of a state inside them, leads out.
 * History states are none: nobody stays there.
 */
export function statesWithoutWayOut(root: ChartState): readonly ChartState[] {
  return [...root.children.values()].filter(({ kind }) => kind !== 'final' && kind !== 'history').filter(isClosed);
}

function isClosed(state: ChartState): boolean {
  const moves = withDescendants(state).flatMap((inside) => inside.moves);
  return moves.every(({ target }) => withAncestors(target).includes(state));
}
