import { errorText } from '@perennial/values';
import { createMachine, initialTransition } from 'xstate';
import type { CompiledDefinition, MachineConfig, Region, StateConfig, TransitionConfig } from '../compiled';
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
    return errorText(error);
  }
}

/** A machine config that can be pasted into Stately: plain JSON, `after` in milliseconds. */
export type StatelyMachine = MachineConfig | ParallelMachine;
/** Several regions as one machine. */
interface ParallelMachine {
  readonly id: string;
  readonly type: 'parallel';
  readonly states: Readonly<Record<string, MachineConfig>>;
}

/** One region as it is; several as the parallel states of one machine, where their ids keep their targets valid. */
export function toStately(definition: CompiledDefinition): StatelyMachine {
  const [stages, ...others] = definition.regions;
  if (others.length === 0) return stages.machine;
  // No region can be called so, since names have no colon: the ids stay apart.
  const id = `lifecycle:${definition.name}`;
  return { id, type: 'parallel', states: Object.fromEntries(definition.regions.map((r) => [r.name, r.machine])) };
}
