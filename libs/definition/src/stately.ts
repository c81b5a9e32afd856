import type { CompiledDefinition, MachineConfig } from './compiled';

/** A machine config that can be pasted into Stately: plain JSON, `after` in milliseconds. */
export type StatelyMachine = MachineConfig | ParallelMachine;
export interface ParallelMachine {
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
