/** The states and transitions of a region by the names that definitions use for them. */
import type { Millis } from '@perennial/values';
import type { MachineConfig, Region, StateConfig } from '@perennial/definition';

export interface NamedTransition {
  /** Path of the state that has it. */
  readonly state: string;
  readonly trigger: { readonly kind: 'on'; readonly signal: string } | { readonly kind: 'after'; readonly ms: Millis };
  /** As the definition writes it. */
  readonly target: string;
}

/** Paths of all states of a region, outer ones first; histories are none. */
export function statePaths({ machine }: Region): readonly string[] {
  return statesIn(machine).map(({ path }) => path);
}

/** Names of a region's top-level states. */
export function topStates({ machine }: Region): readonly string[] {
  return Object.keys(machine.states);
}

export function transitionsOf({ machine }: Region): readonly NamedTransition[] {
  return statesIn(machine).flatMap(({ path, state }) => [
    ...Object.entries(state.on ?? {}).map(
      ([signal, { target }]): NamedTransition => ({ state: path, trigger: { kind: 'on', signal }, target }),
    ),
    ...Object.entries(state.after ?? {}).map(
      ([ms, { target }]): NamedTransition => ({ state: path, trigger: { kind: 'after', ms: Number(ms) }, target }),
    ),
  ]);
}

interface PlacedState {
  readonly path: string;
  readonly state: StateConfig;
}

function statesIn(parent: Pick<MachineConfig, 'states'> | StateConfig, prefix = ''): readonly PlacedState[] {
  return Object.entries(parent.states ?? {}).flatMap(([name, state]) => {
    if (state.type === 'history') return [];
    const path = `${prefix}${name}`;
    return [{ path, state }, ...statesIn(state, `${path}.`)];
  });
}
