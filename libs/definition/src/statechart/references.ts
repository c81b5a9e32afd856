import type { Message, Problems } from '../problems';
import { didYouMean } from '../spelling';
import type { Located } from '../yaml-tree';
import { type ChartState, withAncestors } from './chart';

/** What the states of one region refer to by name; a name that means nothing is reported, and gives null. */
export class References {
  constructor(
    private readonly states: readonly ChartState[],
    private readonly signals: ReadonlySet<string>,
    private readonly problems: Problems,
  ) {}

  /** Where a move leads. */
  target(source: ChartState, target: Located<string>): ChartState | null {
    const state = resolveTarget(source, target.value);
    if (state !== undefined && state.parent !== null) return state;
    return this.unknownState(target, () => unknownTarget(source, target.value, this.states));
  }

  /** Where a history state leads without a history: somewhere inside the state whose history it is. */
  fallback(history: ChartState, target: Located<string>): ChartState | null {
    const state = this.target(history, target);
    if (state === null) return null;
    if (state.kind !== 'history' && withAncestors(state).some((around) => around === history.parent)) return state;
    const inside = history.parent?.name ?? '';
    const message = `"${target.value}" is no state inside "${inside}", whose history this is. Name one of its states.`;
    return this.unknownState(target, message);
  }

  /** The child that a state begins in. */
  initial(state: ChartState, initial: Located<string>): ChartState | null {
    const children = [...state.children.values()].filter(({ kind }) => kind !== 'history');
    const child = children.find(({ name }) => name === initial.value);
    if (child !== undefined) return child;
    const names = children.map(({ name }) => name);
    const known = `it has the states ${names.slice(0, 20).join(', ')}`;
    const message = (): string =>
      `"${state.name}" cannot begin in "${initial.value}"; ${known}.${didYouMean(initial.value, names)}`;
    return this.unknownState(initial, message);
  }

  checkSignal(name: Located<string>): void {
    if (this.signals.has(name.value) || name.value.includes('*')) return;
    const message = (): string =>
      `No signal is called "${name.value}". Declare it under "signals".${didYouMean(name.value, [...this.signals])}`;
    this.problems.error('DEFINITION.UNKNOWN_SIGNAL', name.at, message);
  }

  private unknownState(name: Located<string>, message: Message): null {
    this.problems.error('DEFINITION.UNKNOWN_STATE', name.at, message);
    return null;
  }
}

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
function unknownTarget(source: ChartState, target: string, all: readonly ChartState[]): string {
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
