import { pathInRegion, withDescendants } from './chart/chart';
import type { ChartState } from './chart/chart';
import { resolveTarget } from './chart/targets';
import type { Views } from './compiled';
import { Labelling } from './labelling';
import { LIMITS } from './limits';
import type { Problems } from './problems';
import { list, record } from './shape/collections';
import type { Entry } from './shape/collections';
import { nameOf } from './shape/names';
import { freeText } from './shape/scalars';
import { didYouMean } from './spelling';
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
