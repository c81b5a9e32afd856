import type { ToolEnvironment } from '@perennial/config';
import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { repository } from './repository';
import { dataFolder } from './postgres';

/** Paths of a development stack's files and folders. */
export interface StackHome {
  readonly folder: string;
  /** Present while a process owns the stack. */
  readonly lock: string;
  /** Addresses of the running stack; see stack-state.ts. */
  readonly state: string;
  /** Servers that were started; see server-process.ts. */
  readonly processes: string;
  /** Ports of the last run. */
  readonly ports: string;
  readonly keys: string;
  readonly logs: string;
  readonly postgres: string;
  readonly kafka: string;
  readonly inProcessLog: string;
  /** Shared with other stacks. */
  readonly cache: string;
}

export function stackHome({ home, cache }: Pick<ToolEnvironment, 'home' | 'cache'>): StackHome {
  const folder = resolve(home ?? join(repository, '.perennial'));
  return {
    folder,
    lock: join(folder, 'lock'),
    state: join(folder, 'stack.json'),
    processes: join(folder, 'processes'),
    ports: join(folder, 'ports.json'),
    keys: join(folder, 'keys'),
    logs: join(folder, 'logs'),
    postgres: join(folder, 'postgres'),
    kafka: join(folder, 'kafka'),
    inProcessLog: join(folder, 'in-process-log'),
    cache: resolve(cache ?? join(homedir(), '.cache', 'perennial')),
  };
}

/** Deletes everything a stack wrote except its lock. Only names of ours: the folder itself may be anybody's. */
export function clearHome(home: StackHome): void {
  const { state, processes, ports, keys, logs, postgres, kafka, inProcessLog } = home;
  for (const path of [
    dirname(dataFolder(postgres)),
    postgres,
    kafka,
    inProcessLog,
    state,
    processes,
    ports,
    keys,
    logs,
  ]) {
    rmSync(path, { recursive: true, force: true });
  }
}
