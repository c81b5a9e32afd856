/**
 * Which transitions XState takes at an event. It lists those that active states have (`getTransitionData`), of which some cannot be
 * taken with others: when one part of a parallel state would leave it, the parts before it win. It does not tell which are left
 * out, so each transition has an action that does.
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
