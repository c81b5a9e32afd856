/**
 * One process at a time owns a stack.
 *
 * 1. The lock appears whole (link of a finished file), so nobody reads half of it.
 * 2. A lock counts only while the process named in it runs, told by pid and start time: a SIGKILL leaves no
 *    lock that has to be removed by hand, and a pid given to another program holds nothing.
 * 3. It is gone when the process ends, however it ends short of SIGKILL.
 */
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ConfigurationError } from '@perennial/config';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from './process-identity';
import { passableMode } from './stack-files';
import type { StackHome } from './stack-home';

export type TakenLock =
  | { readonly kind: 'taken'; release(): void }
  | { readonly kind: 'held'; readonly by: ProcessIdentity };

export function takeLock(file: string): TakenLock {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(identify(process.pid)));
  try {
    for (;;) {
      if (linked(mine, file)) return { kind: 'taken', release: releaseAtExit(file) };
      const by = lockHolder(file);
      if (by !== null) return { kind: 'held', by };
      removeStale(file);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** The running process that holds the lock; null when none does. */
export function lockHolder(file: string): ProcessIdentity | null {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
    return isRunning(holder) ? holder : null;
  } catch {
    return null; // no lock, or not one of ours
  }
}

function linked(mine: string, file: string): boolean {
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Two processes may find the same stale lock. The slower one may rename the faster one's fresh lock, and links it back. */
function removeStale(file: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return; // the other one was faster
  }
  if (lockHolder(aside) !== null) linked(aside, file);
  rmSync(aside, { force: true });
}

function releaseAtExit(file: string): () => void {
  const release = (): void => {
    process.off('exit', release);
    rmSync(file, { force: true });
  };
  process.once('exit', release);
  return release;
}

/** Creates the stack's folder (PERENNIAL_HOME) and takes its lock. Throws `ConfigurationError` where the path is no folder, or cannot be written. */
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

/** Creates the folders one by one: `mkdirSync` with `recursive` never returns for a path that cannot exist, such as one in /proc. */
function makeFolder(folder: string, mode: number): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), 0o777);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another start was faster
  }
}

const LOOK_MS = 500;

/** State of a stack that another process owns. `ended`: in order. `killed`: its servers may still run. */
export type StackPulse = 'runs' | 'ended' | 'killed';

/** An owner that ends deletes `stack.json` first (stack.ts, 3); a killed owner leaves it. */
export function pulseOf({ state, lock }: Pick<StackHome, 'state' | 'lock'>): StackPulse {
  if (!existsSync(state)) return 'ended';
  return lockHolder(lock) === null ? 'killed' : 'runs';
}

/** Resolves when the stack has ended (looks every 500 ms); rejects when `signal` aborts before. */
export async function stackEnd(
  home: Pick<StackHome, 'state' | 'lock'>,
  signal: AbortSignal,
): Promise<Exclude<StackPulse, 'runs'>> {
  for (;;) {
    const pulse = pulseOf(home);
    if (pulse !== 'runs') return pulse;
    await pause(LOOK_MS, undefined, { signal });
  }
}
