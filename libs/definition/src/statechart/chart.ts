import type { Millis } from '@perennial/values';

/** A state of a region, resolved: what the checks and the machine are made from. */
export interface ChartState {
  readonly name: string;
  /** Absolute, region first: `stage.in-life.regular`; of the root `stage`. */
  readonly path: string;
  /** Offset of its name in the source. */
  readonly at: number;
  readonly parent: ChartState | null;
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  readonly history: 'shallow' | 'deep' | null;
  readonly description: string | null;
  readonly children: Map<string, ChartState>;
  /** Of a compound state, the child that is entered. */
  initial: ChartState | null;
  /** Of a history state, where to go without a history, as it is written and what it is. */
  fallback: { readonly written: string; readonly state: ChartState } | null;
  readonly moves: Move[];
}

/** A move out of a state. */
export interface Move {
  readonly trigger: { readonly kind: 'on'; readonly signal: string } | { readonly kind: 'after'; readonly ms: Millis };
  /** As it is written, which is how XState reads it too. */
  readonly written: string;
  readonly reenter: boolean;
  readonly target: ChartState;
  /** Offset of the target in the source. */
  readonly at: number;
}

/** A state and all states inside it, outer ones first, in the order of the source. */
export function withDescendants(state: ChartState): readonly ChartState[] {
  return [state, ...[...state.children.values()].flatMap(withDescendants)];
}

/** A state and all states around it, inner ones first. */
export function withAncestors(state: ChartState): readonly ChartState[] {
  return state.parent === null ? [state] : [state, ...withAncestors(state.parent)];
}

/** From the region's top-level state on, as views and people name it: `in-life.regular`. */
export function pathInRegion({ path }: ChartState): string {
  return path.slice(path.indexOf('.') + 1);
}
