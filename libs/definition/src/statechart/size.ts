import { LIMITS } from '../limits';
import type { Problems } from '../problems';
import { kindOf, type NamedRegion, type WrittenState } from './state-shape';

interface Size {
  readonly states: number;
  readonly transitions: number;
  /** The most innermost states that are active at once. */
  readonly active: number;
}

/** Whether charts can be made of the regions: checks and machines take time with each state and transition. */
export function fitsLimits(regions: readonly NamedRegion[], problems: Problems): boolean {
  let [states, transitions] = [0, 0];
  for (const { name, value } of regions) {
    const region = largest(childrenOf(value?.states).map(sizeOf));
    states += region.states;
    transitions += region.transitions;
    const passed = passedLimit(states, transitions, region.active);
    if (passed === null) continue;
    const message = `With the region "${name.value}" the definition has ${passed}. Leave some out, or make two definitions.`;
    problems.error('DEFINITION.TOO_MANY', name.at, message);
    return false;
  }
  return true;
}

function passedLimit(states: number, transitions: number, active: number): string | null {
  if (states > LIMITS.states) return `more than ${LIMITS.states} states`;
  if (transitions > LIMITS.transitions) return `more than ${LIMITS.transitions} transitions`;
  if (active > LIMITS.activeStates) return `more than ${LIMITS.activeStates} parallel states at once`;
  return null;
}

function sizeOf(state: WrittenState): Size {
  const inside = childrenOf(state.states).map(sizeOf);
  const { states, transitions, active } = largest(inside);
  const together = inside.reduce((sum, child) => sum + child.active, 0);
  return {
    states: states + 1,
    transitions: transitions + (state.on?.length ?? 0) + (state.after?.length ?? 0),
    active: Math.max(1, kindOf(state) === 'parallel' ? together : active),
  };
}

/** All states and transitions, and what is active of the one in which most is. */
function largest(sizes: readonly Size[]): Size {
  let [states, transitions, active] = [0, 0, 0];
  for (const size of sizes) {
    states += size.states;
    transitions += size.transitions;
    active = Math.max(active, size.active);
  }
  return { states, transitions, active };
}

function childrenOf(entries: WrittenState['states']): readonly WrittenState[] {
  return (entries ?? []).flatMap(({ value }) => value ?? []);
}
