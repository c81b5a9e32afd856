import type { Instant } from '@perennial/values';

/** A change of stage as either engine states it; entries are none. */
export interface Move {
  readonly customer: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly from: string;
  readonly to: string;
  readonly cause: 'event' | 'timer';
  /** Id of the activity that caused it, of a timer the newest one; null where the engine does not tell. */
  readonly activity: string | null;
  readonly at: Instant;
}

/** customer → moves in order. */
export type Moves = Map<string, Move[]>;

export function add(moves: Moves, move: Move): void {
  const known = moves.get(move.customer);
  if (known === undefined) moves.set(move.customer, [move]);
  else known.push(move);
}

export function count(moves: Moves): number {
  let sum = 0;
  for (const { length } of moves.values()) sum += length;
  return sum;
}
