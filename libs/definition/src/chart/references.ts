import type { Message, Problems } from '../problems';
import { didYouMean } from '../spelling';
import type { Located } from '../yaml-tree';
import { withAncestors } from './chart';
import type { ChartState } from './chart';
import { resolveTarget, unknownTarget } from './targets';

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
