import { InvariantViolation } from '@perennial/values';
import type { View, Views } from './compiled';
import { LIMITS } from './limits';
import type { Problems } from './problems';
import { type Entry, list, record } from './shape/collections';
import { nameOf } from './shape/names';
import { freeText } from './shape/scalars';
import { didYouMean } from './spelling';
import { type ChartState, pathInRegion, withAncestors, withDescendants } from './statechart/chart';
import { resolveTarget } from './statechart/references';
import type { Located } from './yaml-tree';

const stateShape = freeText('a state of the stages by its path, such as in-life or in-life.loyal');
/** A label may be of no state: what it stands for is not observed. */
const statesShape = list('states', stateShape, LIMITS.stagesOfLabel, 0);
const labelsShape = record(nameOf('label'), statesShape, LIMITS.labelsOfView);
export const viewsShape = record(nameOf('view'), labelsShape, LIMITS.views);

type WrittenView = readonly Entry<readonly Located<string>[]>[];

/** Checks that each view gives every customer exactly one label, whatever states it is in: reports add up only then. */
export function checkViews(views: readonly Entry<WrittenView>[], stages: ChartState, problems: Problems): void {
  for (const { name, value } of views) {
    if (value?.every((label) => label.value !== null)) checkView(name, value, stages, problems);
  }
}

function checkView(view: Located<string>, labels: WrittenView, stages: ChartState, problems: Problems): void {
  const labelling = new Labelling(stages, problems);
  let allKnown = true;
  for (const { name, value } of labels) {
    for (const written of value ?? []) {
      const state = resolveTarget(stages, `.${written.value}`);
      if (state !== undefined && state.kind !== 'history') labelling.add(state, name.value, written.at);
      else {
        allKnown = false;
        problems.error('DEFINITION.UNKNOWN_STATE', written.at, () => unknownState(written.value, state, stages));
      }
    }
  }
  const missing = labelling.missing();
  if (missing.length === 0 || !allKnown) return;
  const message = (): string =>
    `The view "${view.value}" has no label for ${missing.map(pathInRegion).join(', ')}, so its counts would not add up. Add them.`;
  problems.error('DEFINITION.STAGE_NOT_IN_VIEW', view.at, message);
}

const SHOWN_NAMES = 20;

function unknownState(written: string, found: ChartState | undefined, stages: ChartState): string {
  if (found !== undefined)
    return `"${written}" is a history state, in which nobody stays. Name the states it leads to.`;
  const all = withDescendants(stages).filter(({ kind, parent }) => kind !== 'history' && parent !== null);
  const elsewhere = all.find(({ name }) => name === written);
  if (elsewhere !== undefined) return `There is no stage "${written}". Write "${pathInRegion(elsewhere)}".`;
  const around = resolveTarget(stages, `.${written.split('.').slice(0, -1).join('.')}`) ?? stages;
  const inside = [...around.children.values()].filter(({ kind }) => kind !== 'history').map(pathInRegion);
  const names = inside.slice(0, SHOWN_NAMES).join(', ');
  const known =
    around === stages
      ? `There is no stage "${written}"; the stages are ${names}.`
      : `There is no state "${written}"; ${inside.length === 0 ? `nothing is inside ${pathInRegion(around)}` : `inside ${pathInRegion(around)} there are ${names}`}.`;
  return `${known}${didYouMean(written, inside)}`;
}

/** The views of a definition without mistakes. */
export function compileViews(views: readonly Entry<WrittenView>[]): Views {
  return Object.fromEntries(
    views.map(({ name, value }) => [
      name.value,
      Object.fromEntries(
        (value ?? []).map((label) => [label.name.value, (label.value ?? []).map((state) => state.value)]),
      ),
    ]),
  );
}

/**
 * The labels that one view gives to states, and what is wrong with them.
 *
 * Invariants
 * 1. Disjoint: no state has two labels, nor a label of its own beside one of a state inside it, nor has more than one of the
 *    parts of a parallel state labels, since customers are in all of them at once.
 * 2. Total: when `missing` is empty, every customer is in exactly one labelled state, whatever states the chart leads it to.
 */
class Labelling {
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

/**
 * The label that a view gives a customer. `active`: the paths of all states of the stage region that the customer is in,
 * such as `in-life` and `in-life.loyal`. Views are total and disjoint, so there is exactly one; throws InvariantViolation for
 * states of another definition.
 */
export function labelOf(view: View, active: readonly string[]): string {
  for (const [label, states] of Object.entries(view)) {
    if (states.some((state) => active.includes(state))) return label;
  }
  throw new InvariantViolation('DEFINITION.NO_LABEL', `a view has no label for the states ${active.join(', ')}`);
}
