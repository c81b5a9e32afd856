import { didYouMean } from '../spelling';
import type { ChartState } from './chart';

/**
 * The state that a target names, read as XState reads it: `name.inner` from the parent of the source (a sibling),
 * `.inner` from the source itself, `#region.name` from the region. Undefined when there is none.
 */
export function resolveTarget(source: ChartState, target: string): ChartState | undefined {
  if (target.startsWith('#')) {
    const [region, ...names] = target.slice(1).split('.');
    const root = rootOf(source);
    return region === root.name ? descend(root, names) : undefined;
  }
  if (target.startsWith('.')) return descend(source, target.slice(1).split('.'));
  return source.parent === null ? undefined : descend(source.parent, target.split('.'));
}

function descend(from: ChartState, names: readonly string[]): ChartState | undefined {
  let state: ChartState | undefined = from;
  for (const name of names) state = state?.children.get(name);
  return state;
}

function rootOf(state: ChartState): ChartState {
  return state.parent === null ? state : rootOf(state.parent);
}

/** What is wrong with a target, and how to spell the state that was probably meant. */
export function unknownTarget(source: ChartState, target: string, all: readonly ChartState[]): string {
  const last = target.split('.').at(-1) ?? target;
  const elsewhere = all.find((state) => state.parent !== null && state.name === last.replace('#', ''));
  if (elsewhere !== undefined) return `From here there is no state "${target}". Write "#${elsewhere.path}".`;
  const around = innermostKnown(source, target);
  if (around !== undefined && around.children.size > 0) {
    const begin = target.slice(0, target.lastIndexOf('.') + 1);
    const inside = [...around.children.keys()].map((name) => `${begin}${name}`);
    return `There is no state "${target}"; inside "${around.name}" there are ${inside.slice(0, 20).join(', ')}.${didYouMean(target, inside)}`;
  }
  const siblings = [...(source.parent?.children.keys() ?? [])];
  const known = `the states beside it are ${siblings.slice(0, 20).join(', ')}`;
  return `There is no state "${target}"; ${known}.${didYouMean(target, siblings)}`;
}

/** The state around the last name of a target with several names, when all names before it are right. */
function innermostKnown(source: ChartState, target: string): ChartState | undefined {
  const end = target.lastIndexOf('.');
  return end <= 0 ? undefined : resolveTarget(source, target.slice(0, end));
}
