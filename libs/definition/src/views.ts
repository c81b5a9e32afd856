import type { Views } from './compiled';
import type { ChartState } from './chart/chart';
import { LIMITS } from './limits';
import type { Problems } from './problems';
import { list, record } from './shape/collections';
import type { Entry } from './shape/collections';
import { nameOf } from './shape/names';
import { freeText } from './shape/scalars';
import { didYouMean } from './spelling';
import type { Located } from './yaml-tree';

const stagesShape = list('stages', freeText('the name of a stage'), LIMITS.stagesOfLabel);
const labelsShape = record(nameOf('label'), stagesShape, LIMITS.labelsOfView);
export const viewsShape = record(nameOf('view'), labelsShape, LIMITS.views);

type WrittenView = readonly Entry<readonly Located<string>[]>[];

/** Checks that each view gives every stage exactly one label: reports add up only then. */
export function checkViews(views: readonly Entry<WrittenView>[], stages: ChartState, problems: Problems): void {
  const names = [...stages.children.values()].filter(({ kind }) => kind !== 'history').map(({ name }) => name);
  for (const { name, value } of views) {
    if (value?.every((label) => label.value !== null)) checkView(name, value, names, problems);
  }
}

function checkView(view: Located<string>, labels: WrittenView, stages: readonly string[], problems: Problems): void {
  const labelOf = new Map<string, string>();
  for (const { name: label, value } of labels) {
    for (const stage of value ?? []) {
      const earlier = labelOf.get(stage.value);
      if (!stages.includes(stage.value)) {
        problems.error('DEFINITION.UNKNOWN_STATE', stage.at, () => unknownStage(stage.value, stages));
      } else if (earlier !== undefined) {
        const message = `The stage "${stage.value}" has the label "${earlier}" in this view already. Give it one label.`;
        problems.error('DEFINITION.STAGE_TWICE_IN_VIEW', stage.at, message);
      }
      labelOf.set(stage.value, label.value);
    }
  }
  const missing = stages.filter((stage) => !labelOf.has(stage));
  if (missing.length === 0) return;
  const message = `The view "${view.value}" has no label for ${missing.join(', ')}, so its counts would not add up. Add them.`;
  problems.error('DEFINITION.STAGE_NOT_IN_VIEW', view.at, message);
}

function unknownStage(name: string, stages: readonly string[]): string {
  return `There is no stage "${name}"; the stages are ${stages.slice(0, 20).join(', ')}.${didYouMean(name, stages)}`;
}

/** The views of a definition without mistakes. */
export function compileViews(views: readonly Entry<WrittenView>[]): Views {
  return Object.fromEntries(
    views.map(({ name, value }) => [
      name.value,
      Object.fromEntries(
        (value ?? []).map((label) => [label.name.value, (label.value ?? []).map((stage) => stage.value)]),
      ),
    ]),
  );
}
