import { ConfigurationError } from '@perennial/config';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { passableMode } from './folders';
import { takeLock, type TakenLock } from './home-lock';
import type { StackHome } from './stack-home';

/** Makes the folder of a stack, and takes its lock. Throws `ConfigurationError` when it is none, or cannot be written. */
export function takeHome({ folder, lock }: Pick<StackHome, 'folder' | 'lock'>): TakenLock {
  try {
    makeFolder(folder, passableMode());
    return takeLock(lock);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError([
      `PERENNIAL_HOME: ${folder} cannot hold the data of a stack (${code ?? message}). Name a folder that this user may write.`,
    ]);
  }
}

/** Step by step: for a folder that cannot be, such as one in /proc, Node's own `recursive` never returns. */
function makeFolder(folder: string, mode: number): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), 0o777);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another start was faster
  }
}
