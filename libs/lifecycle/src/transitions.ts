/**
 * What XState does not tell of a transition.
 *
 * Which ones are taken at an event: XState lists those that active states have (`getTransitionData`), of which some cannot be taken
 * with others: when one part of a parallel state would leave it, the parts before it win. So each transition has an action that
 * tells of it.
 *
 * Which `after`s it starts anew: those of the states that it enters. A transition leaves what is inside its domain, and enters
 * what is inside it afterwards. The domain is the state that has the transition when the target lies inside it, else the
 * innermost state around both; a history target counts as the place where it stands. Of histories XState names states as entered
 * that were not left, and as left that it does not name as entered (docs/semantics.md).
 */
import type { MachineConfig, StateConfig } from '@perennial/definition';

type Moves = Readonly<Record<string, object>>;

/** The machine, in which each transition is told of as an effect when it is taken. */
export function tellingMachine(machine: MachineConfig): object {
  return { ...machine, states: tellingStates(machine.states, machine.id) };
}

/** The transitions whose effects are among these. */
export function takenOf<T extends { readonly source: { readonly id: string } }>(
  transitions: readonly T[],
  effects: readonly { readonly type: string }[],
): readonly T[] {
  const told = new Set(effects.map(({ type }) => type));
  return transitions.filter(({ source }) => told.has(typeOf(source.id)));
}

const typeOf = (state: string): string => `taken ${state}`;

function tellingStates(states: Readonly<Record<string, StateConfig>>, parent: string): object {
  return Object.fromEntries(Object.entries(states).map(([name, state]) => [name, telling(state, `${parent}.${name}`)]));
}

function telling(state: StateConfig, path: string): object {
  const told = (moves: Moves): object =>
    Object.fromEntries(Object.entries(moves).map(([key, move]) => [key, { ...move, actions: { type: typeOf(path) } }]));
  return {
    ...state,
    ...(state.on === undefined ? {} : { on: told(state.on) }),
    ...(state.after === undefined ? {} : { after: told(state.after) }),
    ...(state.states === undefined ? {} : { states: tellingStates(state.states, path) }),
  };
}

/** A state of a chart, as XState's state nodes are. Its id is its path, with a dot between names. */
export interface StateNode {
  readonly id: string;
  readonly after: readonly { readonly eventType: string; readonly delay?: unknown }[];
}

/** A transition of a chart, as XState has it. */
interface TransitionRange {
  readonly source: StateNode;
  readonly target: readonly StateNode[] | undefined;
  readonly reenter: boolean;
}

/** The events of the `after`s that begin with the active states `to`; `touched`: those that XState started or cancelled. */
export function restartedEvents(
  from: readonly StateNode[],
  to: readonly StateNode[],
  transitions: readonly TransitionRange[],
  touched: ReadonlySet<string>,
): ReadonlySet<string> {
  const active = new Set(from.map(({ id }) => id));
  const domains = transitions.map(domainOf);
  const isEntered = ({ id }: StateNode, event: string): boolean =>
    !active.has(id) || (touched.has(event) && domains.some((domain) => isInside(id, domain)));
  return new Set(
    to.flatMap((node) => node.after.map(({ eventType }) => eventType).filter((event) => isEntered(node, event))),
  );
}

function domainOf({ source, target = [], reenter }: TransitionRange): string {
  const isAround = (domain: string): boolean => target.every(({ id }) => isInside(id, domain));
  if (!reenter && isAround(source.id)) return source.id;
  let domain = parentOf(source.id);
  while (domain !== '' && !isAround(domain)) domain = parentOf(domain);
  return domain;
}

const isInside = (id: string, domain: string): boolean => domain === '' || id.startsWith(`${domain}.`);

const parentOf = (id: string): string => id.slice(0, Math.max(0, id.lastIndexOf('.')));
