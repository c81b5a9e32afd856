import { pathInRegion, withAncestors } from './chart/chart';
import type { ChartState } from './chart/chart';
import type { Problems } from './problems';

/**
 * The labels that one view gives to states, and what is wrong with them.
 *
 * Invariants
 * 1. Disjoint: no state has two labels, nor a label of its own beside one of a state inside it, nor has more than one of the
 *    parts of a parallel state labels, since customers are in all of them at once.
 * 2. Total: when `missing` is empty, every customer is in exactly one labelled state, whatever states the chart leads it to.
 */
export class Labelling {
  private readonly labels = new Map<ChartState, string>();
  /** States around labelled ones, and the first of these. */
  private readonly inside = new Map<ChartState, ChartState>();

  constructor(
    private readonly stages: ChartState,
    private readonly problems: Problems,
  ) {}

  /** A state that is no history, and where it is written in the source. */
  add(state: ChartState, label: string, at: number): void {
    const conflict = this.conflictOf(state);
    if (conflict !== null) this.problems.error('DEFINITION.STAGE_TWICE_IN_VIEW', at, conflict);
    this.labels.set(state, label);
    for (const around of withAncestors(state).slice(1)) {
      if (!this.inside.has(around)) this.inside.set(around, state);
    }
  }

  /** The outermost states whose customers have no label. */
  missing(): readonly ChartState[] {
    return this.missingInside(this.stages);
  }

  private conflictOf(state: ChartState): (() => string) | null {
    const earlier = this.labels.get(state);
    const what = state.parent === this.stages ? 'stage' : 'state';
    const path = pathInRegion(state);
    if (earlier !== undefined) {
      return () => `The ${what} "${path}" has the label "${earlier}" in this view already. Give it one label.`;
    }
    const inner = this.inside.get(state);
    if (inner !== undefined) {
      const [innerPath, label] = [pathInRegion(inner), this.labels.get(inner) ?? ''];
      return () =>
        `"${path}" has "${innerPath}" inside, which has the label "${label}" already: name the states inside "${path}" one by one.`;
    }
    for (let part = state; part.parent !== null; part = part.parent) {
      const conflict = this.conflictAround(part, part.parent, path);
      if (conflict !== null) return conflict;
    }
    return null;
  }

  private conflictAround(part: ChartState, around: ChartState, path: string): (() => string) | null {
    const aroundPath = pathInRegion(around);
    const label = this.labels.get(around);
    if (label !== undefined) {
      return () =>
        `"${path}" is inside "${aroundPath}", which has the label "${label}" already: name the states inside "${aroundPath}" one by one.`;
    }
    const other = this.inside.get(around);
    if (around.kind !== 'parallel' || other === undefined || withAncestors(other).includes(part)) return null;
    return () =>
      `Customers are in "${path}" and "${pathInRegion(other)}" at once: "${aroundPath}" is parallel. Label the states of one of its parts only, or "${aroundPath}" itself.`;
  }

  private missingInside(around: ChartState): readonly ChartState[] {
    const states = [...around.children.values()].filter(({ kind }) => kind !== 'history');
    const part = around.kind === 'parallel' ? states.find((state) => this.isLabelled(state)) : undefined;
    return (part === undefined ? states : [part]).flatMap((state) => {
      if (this.labels.has(state)) return [];
      return this.inside.has(state) ? this.missingInside(state) : [state];
    });
  }

  private isLabelled(state: ChartState): boolean {
    return this.labels.has(state) || this.inside.has(state);
  }
}
