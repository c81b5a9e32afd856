import { createMachine, initialTransition } from 'xstate';
import type { MachineConfig, Region, StateConfig, TransitionConfig } from '../compiled';
import type { ChartState } from './chart';

/** The XState config of a region whose chart has no mistakes. */
export function toRegion(root: ChartState): Region {
  const initial = root.initial?.name ?? '';
  return { name: root.name, machine: { id: root.name, initial, states: statesOf(root) } };
}

function statesOf(parent: ChartState): Readonly<Record<string, StateConfig>> {
  return Object.fromEntries([...parent.children].map(([name, state]) => [name, toState(state)]));
}

function toState(state: ChartState): StateConfig {
  const on = state.moves.flatMap(({ trigger, written, reenter }) =>
    trigger.kind === 'on' ? [[trigger.signal, toTransition(written, reenter)] as const] : [],
  );
  const after = state.moves.flatMap(({ trigger, written, reenter }) =>
    trigger.kind === 'after' ? [[trigger.ms, toTransition(written, reenter)] as const] : [],
  );
  return {
    ...(state.kind === 'atomic' || state.kind === 'compound' ? {} : { type: state.kind }),
    ...(state.history === null ? {} : { history: state.history }),
    ...(state.fallback === null ? {} : { target: state.fallback.written }),
    ...(state.description === null ? {} : { description: state.description }),
    ...(state.initial === null ? {} : { initial: state.initial.name }),
    ...(state.children.size === 0 ? {} : { states: statesOf(state) }),
    ...(on.length === 0 ? {} : { on: Object.fromEntries(on) }),
    ...(after.length === 0 ? {} : { after: Object.fromEntries(after) }),
  };
}

function toTransition(target: string, reenter: boolean): TransitionConfig {
  return reenter ? { target, reenter } : { target };
}

/** What XState itself says against a machine; null when it takes it. The checks before leave it nothing to say. */
export function xstateComplaint(machine: MachineConfig): string | null {
  try {
    initialTransition(createMachine(machine));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
